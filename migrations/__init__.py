"""Alembic migrations, applied by counter db upgrade."""

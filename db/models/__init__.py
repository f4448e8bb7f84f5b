"""Tables as SQLAlchemy metadata, one file per aggregate."""

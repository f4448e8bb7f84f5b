"""The database as referee: engine, models, queries, functions and their verification."""

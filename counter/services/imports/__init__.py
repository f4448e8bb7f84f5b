"""Reading of account and bill files: parsing here, checks and booking in the database, all or nothing."""

"""Cards that are known: one TOML file each, and what it means."""

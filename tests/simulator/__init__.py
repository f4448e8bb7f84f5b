"""The demonstration's reader and its drawer."""

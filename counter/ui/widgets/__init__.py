"""Small parts that more than one screen shows."""

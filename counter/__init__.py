"""Counter: the desk of an electricity business hall, in a terminal."""

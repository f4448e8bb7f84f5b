"""Small panels on top of a screen."""

"""The Textual screens. Nothing below this package knows a terminal exists."""

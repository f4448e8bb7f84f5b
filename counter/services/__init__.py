"""One use case is one function is one transaction; the screens see only ports."""

"""Receipts on paper, read back with the tools that others would read them with."""

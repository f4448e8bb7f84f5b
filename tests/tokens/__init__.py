"""Tokens for meters without a card."""

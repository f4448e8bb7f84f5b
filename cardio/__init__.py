"""Prepaid IC cards over PC/SC; imports nothing of ours."""

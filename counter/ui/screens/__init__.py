"""Whole screens: x.py beside x.tcss."""

"""Whole days at random: everything that the money desk can do, from several sessions at once, with kills."""

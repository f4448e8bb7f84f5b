"""Reads, one file per aggregate; frozen rows out."""

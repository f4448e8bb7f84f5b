"""Diversification and MACs, pure: bytes in, bytes out, held against published vectors."""

"""Bank statements and settlement files as plain rows: bytes in, rows out, nothing else.

A wrong sum is worse than a refusal: what does not add up or cannot be understood is refused, with its line.
"""

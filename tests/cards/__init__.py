"""Cards, a SAM and a meter made of software: what the tests put into a reader.

Nothing here that plays a card imports the card library: a fault in one would otherwise hide in the other.
"""

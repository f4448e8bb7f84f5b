"""The files of a card as values and back: one codec each, with its vectors beside it."""

"""The files of a card as values and back: one codec each, with its vectors beside it.

Every module here has ``decode(raw) -> value`` and ``encode(value) -> raw`` and a TOML file of the same name
with vectors. ``decode`` answers a value or raises Garbled, whatever the bytes; ``encode(decode(raw)) == raw``
for every raw that decodes, so that nothing a card holds is lost by being understood. ``encode`` raises
ValueError for a value that has no room. Layouts: DL/T 698 user cards, docs/card-profiles.md.
"""

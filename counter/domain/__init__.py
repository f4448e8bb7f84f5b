"""Rules of the field, pure: no clock, no I/O, standard library only."""

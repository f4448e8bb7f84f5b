"""The demonstration's reader: a drawer of cards without hardware. Says SIMULATED wherever it is used."""

"""Statement and settlement files read into plain rows; nothing here yet writes anything."""

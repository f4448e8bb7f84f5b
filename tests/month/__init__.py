"""A month of eleven halls, with the files of two banks and an acquirer written by a program of its own."""

"""Measurements of Counter, each a ratio in one run or against its stated limit; ``script/bench`` runs them.

They are never tests: a machine that is busy makes a figure worse, and no commit wrong.
"""

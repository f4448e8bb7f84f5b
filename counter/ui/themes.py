"""Two themes of our own, dark and light: calm grounds, one blue for where you are, one amber for money.

Colour is never the only sign: ticks, words and position carry the same meaning.
Foreground on ground has a contrast of more than 7:1 in both.
"""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="counter-dark",
    primary="#6cb6ff",
    secondary="#8fa8bf",
    accent="#f5c86b",
    warning="#f5c86b",
    error="#ff8f86",
    success="#7fd6a3",
    foreground="#e8eef4",
    background="#10171f",
    surface="#182330",
    panel="#223142",
    dark=True,
    variables={
        "quiet": "#9db0c2",
        "bar": "#223142",
        "chip": "#34495e",
        "stripe": "#141d27",
        "input-ground": "#0a1016",
        "cursor-ground": "#2f5f8f",
        "input-selection-background": "#2f5f8f",
        "input-selection-foreground": "#ffffff",
        "input-cursor-background": "#f5c86b",
        "input-cursor-foreground": "#10171f",
    },
)

LIGHT = Theme(
    name="counter-light",
    primary="#0b4f8a",
    secondary="#44586b",
    accent="#7a4a00",
    warning="#7a4a00",
    error="#a11b12",
    success="#12603a",
    foreground="#14202b",
    background="#f6f7f4",
    surface="#e9ecea",
    panel="#d9dfe0",
    dark=False,
    variables={
        "quiet": "#475766",
        "bar": "#d3dbe0",
        "chip": "#bccad4",
        "stripe": "#eff1ee",
        "input-ground": "#ffffff",
        "cursor-ground": "#b5d5f2",
        "input-selection-background": "#b5d5f2",
        "input-selection-foreground": "#14202b",
        "input-cursor-background": "#0b4f8a",
        "input-cursor-foreground": "#ffffff",
    },
)

THEMES = (DARK, LIGHT)

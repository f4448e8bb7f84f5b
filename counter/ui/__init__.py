"""The screens, in Textual: keyboard only, nothing blocks, and no database module is loaded from here."""

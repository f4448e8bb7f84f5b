"""Modal dialogs that answer one question each."""

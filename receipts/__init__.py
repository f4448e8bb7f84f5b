"""Documents as plain data, drawn as PDF and sent to a printer."""

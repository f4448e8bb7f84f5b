"""Templates as data: one TOML file for each document and form, ``DOCUMENT-FORM.toml``; docs/templates.md."""

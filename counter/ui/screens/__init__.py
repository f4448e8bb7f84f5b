"""Full screens, each beside its style sheet, imported when first shown."""

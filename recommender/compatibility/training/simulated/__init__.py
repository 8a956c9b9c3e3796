"""People with hidden tastes, to measure a style by."""

"""All real objects, each made once from the settings."""

"""The pieces that a visitor owns: cut out of their photos, kept where they say."""

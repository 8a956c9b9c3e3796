"""A training run: begun, kept, reported and taken up again."""

"""A training run: begun, kept, told and taken up again."""

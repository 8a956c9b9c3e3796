"""Readers of outfits: each gives `EnsembleFile`s and knows nothing of models."""

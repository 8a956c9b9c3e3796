"""Outfits as arrays of vectors."""

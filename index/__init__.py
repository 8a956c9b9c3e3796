"""Catalogue in, nearest items out."""

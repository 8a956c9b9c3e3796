"""Labelled photos as training samples."""

"""Garments in, a completed look out."""

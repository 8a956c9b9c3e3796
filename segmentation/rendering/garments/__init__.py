"""Garments as they hang from a figure: one module a family of cuts."""

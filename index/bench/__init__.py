"""Measurements of the index and its stores, on servers that they start themselves."""

"""Dress conventions: what goes together, for which occasion and weather, and for whom."""

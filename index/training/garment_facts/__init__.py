"""Fitting and measuring what reads facts off an encoder's vectors. Offline only."""

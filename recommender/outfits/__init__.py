"""Outfits, looks and their slots: tables and arithmetic."""

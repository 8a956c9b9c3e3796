"""Merchants' formats: each a reader of records."""

"""Shop systems: which records of an export are variants of one product, and what its columns mean."""

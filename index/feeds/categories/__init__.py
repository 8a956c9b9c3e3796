"""A shop's words for a garment -> one of the taxonomy's categories."""

"""Photo bytes in, garments out."""

"""Garment pictures with what is known of them."""

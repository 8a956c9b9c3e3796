"""Readers of products in archives: shop photos with titles, and single garments of finer kinds."""

"""What is like a garment, an item or words."""

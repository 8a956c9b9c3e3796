"""How well an item completes an outfit."""

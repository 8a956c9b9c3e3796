"""What buyers did with the items they were shown, and how popular those are because of it."""

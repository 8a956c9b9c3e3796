"""What people told, and the style that follows from it."""

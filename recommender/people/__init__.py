"""People's feedback, and the style that follows from it."""

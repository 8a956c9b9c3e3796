"""What completes a look, slot by slot and as whole looks."""

"""What shops, in their languages, call columns."""

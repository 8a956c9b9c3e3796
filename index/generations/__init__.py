"""An index is published whole, opened as it was written, and can be gone back from."""

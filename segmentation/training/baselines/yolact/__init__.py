"""YOLACT, as the paper compares it."""

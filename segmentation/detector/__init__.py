"""Mask R-CNN: a photo in, its garments out."""

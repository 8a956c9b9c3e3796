"""Encoding on other machines: pictures go out, vectors come back, one process writes them."""

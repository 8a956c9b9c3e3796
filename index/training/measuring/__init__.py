"""How good an encoder is, and how sure it may be."""

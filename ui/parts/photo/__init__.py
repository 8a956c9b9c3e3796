"""The photo of a visit: its garments outlined, corrected by hand, and what it is not good for."""

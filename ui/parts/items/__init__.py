"""Items as cards, and the way to buy them."""

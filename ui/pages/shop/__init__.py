"""The merchant's area: what a shopper never sees."""

"""What a garment is, how dressy, how warm and for whom: from words first, then from its vector."""

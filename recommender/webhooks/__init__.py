"""What a shop's own servers are told: written down first, signed, sent until it arrives."""

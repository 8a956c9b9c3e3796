"""Notifications to a shop's own servers: written down first, signed, sent until it arrives."""

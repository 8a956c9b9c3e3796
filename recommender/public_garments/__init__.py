"""The public garments: brought from the web to the home, held to a checksum, nothing half-installed."""

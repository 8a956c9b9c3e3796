"""A visit: its photo, its steps, the service that it asks."""

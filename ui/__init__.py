"""The browser app: a thin client of the API."""

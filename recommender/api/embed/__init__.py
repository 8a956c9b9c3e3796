"""The elements that a shop puts on its own pages: one script, served by the API itself."""

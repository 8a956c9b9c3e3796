"""The app's words, in the visitor's language."""

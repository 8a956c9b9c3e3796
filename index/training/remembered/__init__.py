"""The projection and the text tower trained on a frozen trunk's remembered features."""

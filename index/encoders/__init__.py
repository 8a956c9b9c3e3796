"""Encoders, and what is read off their vectors."""

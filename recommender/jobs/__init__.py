"""Imports as jobs: one at a time, with progress, reported after a restart."""

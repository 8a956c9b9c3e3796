"""Imports as jobs: one at a time, with progress, told of after a restart."""

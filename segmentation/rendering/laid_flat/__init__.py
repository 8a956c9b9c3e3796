"""Garments as a shop lays them down."""

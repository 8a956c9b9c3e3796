"""Outlines as data sets write them -> masks."""

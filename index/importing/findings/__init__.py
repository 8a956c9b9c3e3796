"""Findings about a feed: what is wrong by reason, and where its pictures lie."""

"""What several pages draw: shelves, pieces, filters, looks."""

"""What a shop's own pages and servers tell, one module a subject."""

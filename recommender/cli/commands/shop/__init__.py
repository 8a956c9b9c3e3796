"""What a shop's own systems are told and tell, one module a subject."""

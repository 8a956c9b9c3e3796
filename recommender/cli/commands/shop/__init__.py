"""Events from a shop's own systems and notifications to them, one module a subject."""

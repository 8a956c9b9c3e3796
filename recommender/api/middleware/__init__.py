"""Around every request: who asks, how often, in which language; what is logged."""

"""Real processes that are really killed, real files that are really damaged."""

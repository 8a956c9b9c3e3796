"""Pictures of strangers, decoded in child processes that may fail."""

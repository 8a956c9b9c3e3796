"""How a detector does on photos that are harder than a data set's own, and on pictures of nothing."""

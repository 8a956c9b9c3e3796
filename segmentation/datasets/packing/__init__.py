"""A training set in one file: many folders of data, small enough to travel to a GPU."""

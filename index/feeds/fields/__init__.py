"""The values of a record, one field at a time."""

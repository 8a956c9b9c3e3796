"""The records, tables and geometry that every part of the room speaks."""

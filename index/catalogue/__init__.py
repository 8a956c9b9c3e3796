"""The items of a catalogue and their vectors, in the database."""

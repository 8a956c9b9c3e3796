"""What a catalogue holds and what a search answers, as frozen records."""

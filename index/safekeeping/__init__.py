"""What keeps a catalogue from being lost: pictures set aside, copies, archives."""

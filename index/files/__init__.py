"""Files that survive a power cut, and are checked before they are believed."""

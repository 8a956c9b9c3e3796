"""The fault campaigns at release scale: `make faults`."""

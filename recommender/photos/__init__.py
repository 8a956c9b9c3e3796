"""A person's photo: analysed once, corrected by hand, held for a visit."""

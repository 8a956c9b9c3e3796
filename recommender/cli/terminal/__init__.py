"""How the command line reads options and shows results."""

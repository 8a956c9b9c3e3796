"""The project's own measurements; nothing that serves imports them."""

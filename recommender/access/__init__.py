"""Keys to the API, and what each allows."""

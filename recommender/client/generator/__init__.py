"""Clients in other languages, made from docs/openapi.json. A development tool: nothing that serves imports it."""

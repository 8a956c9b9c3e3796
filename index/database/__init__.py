"""The database: its tables, its sessions, its one writer."""

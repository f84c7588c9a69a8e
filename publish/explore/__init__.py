"""SQL over the newest release: Datasette in a process of its own, that lives while somebody asks."""

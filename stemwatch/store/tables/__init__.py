"""The database's tables as SQL, one file a step."""

"""Fields of a source's rows that nobody reads, as its list showed them when it was last read."""

LEFTOVER = "ALTER TABLE sources ADD COLUMN leftover TEXT NOT NULL DEFAULT '[]'"

"""Lists that can answer "not modified"; days of posting that only a notice's page tells."""

LISTS = """
CREATE TABLE lists (
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    PRIMARY KEY (source, url)
) WITHOUT ROWID;
ALTER TABLE notices ADD COLUMN posted_by_page INTEGER NOT NULL DEFAULT 0
"""

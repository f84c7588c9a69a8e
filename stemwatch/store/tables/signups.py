"""Public sign-up: who waits for confirmation, who subscribed, and the tokens and mails between the two."""

# `address` is a keyed hash of an e-mail address; `channel`, `token` and `links.sealed` are encrypted. What the
# operator wrote has links, too, but is no subscriber; where no mail goes, links.sealed is empty. letters.until is
# when the address is erased, as the letter says.
SIGNUPS = """
CREATE TABLE signups (
    name TEXT PRIMARY KEY,
    address TEXT NOT NULL,
    settings TEXT NOT NULL,
    channel TEXT NOT NULL,
    expires_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX signups_of_address ON signups (address);

CREATE TABLE subscribers (
    name TEXT PRIMARY KEY,
    address TEXT NOT NULL UNIQUE,
    confirmed_at TEXT NOT NULL,
    unsubscribed_at TEXT
) WITHOUT ROWID;
CREATE INDEX subscribers_leaving ON subscribers (unsubscribed_at) WHERE unsubscribed_at IS NOT NULL;

CREATE TABLE tokens (
    hash TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    subscription TEXT NOT NULL,
    expires_at TEXT
) WITHOUT ROWID;
CREATE INDEX tokens_of_subscription ON tokens (subscription);
CREATE INDEX tokens_by_end ON tokens (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE links (
    subscription TEXT PRIMARY KEY,
    sealed TEXT NOT NULL,
    renew_at TEXT
) WITHOUT ROWID;
CREATE INDEX links_to_renew ON links (renew_at) WHERE renew_at IS NOT NULL;

CREATE TABLE letters (
    receiver TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    subscription TEXT NOT NULL,
    settings TEXT NOT NULL,
    channel TEXT NOT NULL,
    token TEXT NOT NULL,
    until TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX letters_of_subscription ON letters (subscription);

CREATE TABLE letter_counts (
    address TEXT NOT NULL,
    day TEXT NOT NULL,
    letters INTEGER NOT NULL,
    PRIMARY KEY (address, day)
) WITHOUT ROWID;
"""

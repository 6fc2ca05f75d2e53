"""The tables, as migrations: append only; one that has shipped never changes.

Instants are Unix seconds (REAL); booleans are 0 and 1; what a table is for stands beside it.
"""

import sqlite_utils
from sqlite_utils.migrations import Migrations

MIGRATIONS = Migrations("tocsin")


@MIGRATIONS()
def m0001_the_straight_line(db: sqlite_utils.Database) -> None:
    """Feeds, stories, chats and the outbox."""
    # Statement by statement: executescript() would commit, and a migration is one transaction.
    for statement in _FIRST.split(";\n"):
        if statement.strip():
            db.execute(statement)


_FIRST = """
CREATE TABLE feeds (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    language TEXT,
    etag TEXT,
    last_modified TEXT,
    digest TEXT NOT NULL DEFAULT '', -- of the entries read last
    body TEXT NOT NULL DEFAULT '', -- digest of the bytes read last
    read_at REAL, -- when bytes were read last
    primed INTEGER NOT NULL DEFAULT 0, -- a poll that held stories was taken in since somebody follows it
    due_at REAL, -- NULL while nobody follows it
    polled_at REAL,
    news_at REAL,
    window REAL, -- seconds that its entries covered when it was read last
    ttl REAL, -- seconds for which its document wants to be left alone
    failures INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    moved_to TEXT, -- where its permanent redirects lead
    moved_since REAL,
    moved_polls INTEGER
);
CREATE INDEX feeds_due ON feeds (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE chats (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- an erased chat's is not given to another
    platform TEXT NOT NULL,
    chat TEXT NOT NULL,
    topic TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    entered_at REAL NOT NULL,
    admitted INTEGER NOT NULL DEFAULT 0, -- an operator let it in
    paused INTEGER NOT NULL DEFAULT 0,
    gone TEXT NOT NULL DEFAULT '', -- why it takes nothing
    last_number INTEGER NOT NULL DEFAULT 0, -- of its filters
    UNIQUE (platform, chat, topic)
);
CREATE TABLE follows (
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    feed_id INTEGER NOT NULL REFERENCES feeds ON DELETE CASCADE,
    since REAL NOT NULL,
    everything_since REAL, -- every story that was first seen after is pushed; NULL: only what filters match
    PRIMARY KEY (chat_id, feed_id)
) WITHOUT ROWID;
CREATE INDEX follows_feed ON follows (feed_id, chat_id);
CREATE TABLE queries (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
);
CREATE TABLE filters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    query_id INTEGER NOT NULL REFERENCES queries,
    number INTEGER NOT NULL,
    since REAL NOT NULL,
    UNIQUE (chat_id, number),
    UNIQUE (chat_id, query_id)
);
CREATE INDEX filters_query ON filters (query_id, chat_id);
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    first_seen REAL NOT NULL
);
CREATE TABLE stories (
    id INTEGER PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feeds ON DELETE CASCADE,
    event_id INTEGER REFERENCES events,
    version INTEGER NOT NULL,
    entry TEXT NOT NULL, -- the newest version, as JSON
    digest TEXT NOT NULL,
    first_seen REAL NOT NULL,
    changed_at REAL NOT NULL,
    silent INTEGER NOT NULL, -- was no news when it turned up
    late INTEGER NOT NULL, -- its newest version was none either
    pending INTEGER NOT NULL, -- its newest version is not matched yet
    matched INTEGER NOT NULL DEFAULT 0 -- the version that was matched last; 0: none
);
CREATE INDEX stories_pending ON stories (id) WHERE pending = 1;
CREATE INDEX stories_feed ON stories (feed_id, first_seen);
CREATE INDEX stories_event ON stories (event_id);
CREATE TABLE versions ( -- what a story was before it was changed
    story_id INTEGER NOT NULL REFERENCES stories ON DELETE CASCADE,
    version INTEGER NOT NULL,
    entry TEXT NOT NULL,
    seen_at REAL NOT NULL,
    PRIMARY KEY (story_id, version)
) WITHOUT ROWID;
CREATE TABLE identities ( -- the keys under which a feed's stories are known
    feed_id INTEGER NOT NULL REFERENCES feeds ON DELETE CASCADE,
    key TEXT NOT NULL,
    story_id INTEGER REFERENCES stories ON DELETE CASCADE, -- NULL: several entries had it, so it names none
    PRIMARY KEY (feed_id, key)
) WITHOUT ROWID;
CREATE INDEX identities_story ON identities (story_id);
CREATE TABLE matches (
    query_id INTEGER NOT NULL REFERENCES queries ON DELETE CASCADE,
    story_id INTEGER NOT NULL REFERENCES stories ON DELETE CASCADE,
    spans TEXT NOT NULL, -- in the story's newest version, as JSON
    PRIMARY KEY (query_id, story_id)
) WITHOUT ROWID;
CREATE INDEX matches_story ON matches (story_id);
CREATE TABLE alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    event_id INTEGER NOT NULL REFERENCES events,
    story_id INTEGER NOT NULL REFERENCES stories,
    state TEXT NOT NULL, -- due, claimed, sent, failed, withdrawn
    attempts INTEGER NOT NULL DEFAULT 0,
    plain INTEGER NOT NULL DEFAULT 0, -- formatted, it was rejected
    run TEXT, -- which run claimed it
    made_at REAL NOT NULL,
    settled_at REAL,
    message_id TEXT,
    why TEXT
);
CREATE INDEX alerts_chat ON alerts (chat_id, state);
CREATE INDEX alerts_event ON alerts (event_id, chat_id);
CREATE INDEX alerts_story ON alerts (story_id);
CREATE TABLE alert_filters ( -- one event, one alert per chat and filter; filter 0 is every story of a feed
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    event_id INTEGER NOT NULL,
    filter_id INTEGER NOT NULL,
    alert_id INTEGER NOT NULL REFERENCES alerts ON DELETE CASCADE,
    PRIMARY KEY (chat_id, event_id, filter_id)
) WITHOUT ROWID;
CREATE INDEX alert_filters_alert ON alert_filters (alert_id);
CREATE INDEX alert_filters_filter ON alert_filters (filter_id);
CREATE TABLE lanes ( -- chats with due alerts and none in hand, and when the next may be sent
    chat_id INTEGER PRIMARY KEY REFERENCES chats ON DELETE CASCADE,
    platform TEXT NOT NULL,
    ready_at REAL NOT NULL
);
CREATE INDEX lanes_ready ON lanes (platform, ready_at);
CREATE TABLE actions ( -- what a button says; an id is never given twice: old buttons stay where they were sent
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    line TEXT NOT NULL,
    UNIQUE (chat_id, line)
);
CREATE TABLE operators (
    person TEXT PRIMARY KEY
) WITHOUT ROWID;
"""


@MIGRATIONS()
def m0003_delivery(db: sqlite_utils.Database) -> None:
    """Digests, replies, edits, alerts that are held, and lanes that know their newest alert."""
    for statement in _DELIVERY.split(";\n"):
        if statement.strip():
            db.execute(statement)


_DELIVERY = """
-- of a reply: what it replies to
ALTER TABLE alerts ADD COLUMN parent_id INTEGER REFERENCES alerts ON DELETE SET NULL;
ALTER TABLE alerts ADD COLUMN silent INTEGER NOT NULL DEFAULT 0;
-- 1: told in a digest; 2: never, a digest was rejected
ALTER TABLE alerts ADD COLUMN digest INTEGER NOT NULL DEFAULT 0;
-- of state held
ALTER TABLE alerts ADD COLUMN held_until REAL;
-- why it was held back; '': for its next try only
ALTER TABLE alerts ADD COLUMN held TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN edited_at REAL;
CREATE INDEX alerts_parent ON alerts (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX alerts_due ON alerts (chat_id, digest, id) WHERE state = 'due';
CREATE INDEX alerts_held ON alerts (chat_id, held_until) WHERE state = 'held';
CREATE INDEX alerts_claimed ON alerts (chat_id) WHERE state = 'claimed';
-- since when it takes messages again; NULL: it knows what waited
ALTER TABLE chats ADD COLUMN returned_at REAL;
CREATE TABLE edits ( -- alerts whose messages are to be brought up to date
    alert_id INTEGER PRIMARY KEY REFERENCES alerts ON DELETE CASCADE,
    platform TEXT NOT NULL,
    due_at REAL NOT NULL,
    version INTEGER NOT NULL DEFAULT 1, -- grows with each wish that comes before the last was fulfilled
    attempts INTEGER NOT NULL DEFAULT 0,
    plain INTEGER NOT NULL DEFAULT 0,
    run TEXT -- which run has it in hand
);
CREATE INDEX edits_due ON edits (platform, due_at) WHERE run IS NULL;
DROP TABLE lanes;
CREATE TABLE lanes ( -- chats with alerts that wait and none in hand; filled anew at each start
    chat_id INTEGER PRIMARY KEY REFERENCES chats ON DELETE CASCADE,
    platform TEXT NOT NULL,
    free_at REAL NOT NULL, -- nothing is sent there before, whatever is due
    ready_at REAL NOT NULL, -- when its next alert may be claimed
    newest REAL NOT NULL, -- when its newest due alert was made
    place INTEGER NOT NULL, -- among those of equal right: neighbours, as a forum's topics are, stand far apart
    open INTEGER NOT NULL DEFAULT 0 -- ready_at has come
);
CREATE INDEX lanes_shut ON lanes (platform, ready_at) WHERE open = 0;
CREATE INDEX lanes_open ON lanes (platform, ready_at, place) WHERE open = 1;
CREATE INDEX lanes_newest ON lanes (platform, newest DESC, ready_at, place) WHERE open = 1;
"""

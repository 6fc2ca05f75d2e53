"""The tables, as migrations: append only; one that has shipped never changes.

Instants are Unix seconds (REAL); booleans are 0 and 1; what a table is for stands beside it.
"""

import json
import math
import sqlite3
import struct

import sqlite_utils
from sqlite_utils.migrations import Migrations

MIGRATIONS = Migrations("tocsin")


@MIGRATIONS()
def m0001_the_straight_line(db: sqlite_utils.Database) -> None:
    """Feeds, stories, chats and the outbox."""
    _run(db, _FIRST)


@MIGRATIONS()
def m0002_the_archive(db: sqlite_utils.Database) -> None:
    """Stories' words, so that a query can be tried against what is stored without analysing it again."""
    _run(db, _ARCHIVE)


@MIGRATIONS()
def m0003_delivery(db: sqlite_utils.Database) -> None:
    """Digests, replies, edits, alerts that are held, and lanes that know their newest alert."""
    _run(db, _DELIVERY)


@MIGRATIONS()
def m0004_upkeep(db: sqlite_utils.Database) -> None:
    """What is left of stories that went, and when upkeep was done."""
    _run(db, _UPKEEP)


@MIGRATIONS()
def m0005_pages_and_events(db: sqlite_utils.Database) -> None:
    """Articles' texts, and the several keys of an event."""
    _run(db, _PAGES)


@MIGRATIONS()
def m0006_telling(db: sqlite_utils.Database) -> None:
    """When and how chats want to be told, and what not; buttons know how old they are."""
    _run(db, _TELLING)


@MIGRATIONS()
def m0007_hits(db: sqlite_utils.Database) -> None:
    """How many of its newest stories each feed has brought, and how many of them chats wanted."""
    db.execute("ALTER TABLE feeds ADD COLUMN stories_brought REAL NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE feeds ADD COLUMN stories_wanted REAL NOT NULL DEFAULT 0")


@MIGRATIONS()
def m0008_rhythm(db: sqlite_utils.Database) -> None:
    """What polls have taught of a feed, by which it is planned and judged; and which host it is asked of."""
    db.execute("ALTER TABLE feeds ADD COLUMN rhythm TEXT")
    db.execute("ALTER TABLE feeds ADD COLUMN well_at REAL")  # when it answered as a feed last
    db.execute("ALTER TABLE feeds ADD COLUMN entries INTEGER")  # that its document held when it was read last
    behind_scheme = "substr(url, instr(url, '://') + 3)"
    db.execute(
        f"""ALTER TABLE feeds ADD COLUMN host TEXT GENERATED ALWAYS AS
            (lower(substr({behind_scheme}, 1, instr({behind_scheme} || '/', '/') - 1))) VIRTUAL"""
    )


@MIGRATIONS()
def m0009_following(db: sqlite_utils.Database) -> None:
    """Feeds in trouble and what chats are told of them, and what lists said of the feeds that came with them."""
    _run(db, _FOLLOWING)


@MIGRATIONS()
def m0010_sources(db: sqlite_utils.Database) -> None:
    """Where stories lead and who wrote them, so that these are asked for without reading the stories."""
    _run(db, _SOURCES)


@MIGRATIONS()
def m0011_gone_at(db: sqlite_utils.Database) -> None:
    """Since when a chat has been seen to be gone, so that it is not kept for ever."""
    db.execute("ALTER TABLE chats ADD COLUMN gone_at REAL")


@MIGRATIONS()
def m0012_rhythms_as_numbers(db: sqlite_utils.Database) -> None:
    """Rhythms as the bytes of their numbers: to write and to read them as text took half of what a poll took here."""
    known = db.execute("SELECT id, rhythm FROM feeds WHERE rhythm IS NOT NULL").fetchall()
    db.execute("ALTER TABLE feeds DROP COLUMN rhythm")
    db.execute("ALTER TABLE feeds ADD COLUMN rhythm BLOB")
    for feed_id, text in known:
        parts = json.loads(text)
        numbers = [number for part in parts for number in (part if isinstance(part, list) else [part])]
        packed = struct.pack(f"<{len(numbers)}d", *[math.nan if number is None else number for number in numbers])
        db.execute("UPDATE feeds SET rhythm = ? WHERE id = ?", (packed, feed_id))


@MIGRATIONS()
def m0013_look_at(db: sqlite_utils.Database) -> None:
    """When to look whether a chat that takes nothing does again; NULL: not before it is heard of."""
    db.execute("ALTER TABLE chats ADD COLUMN look_at REAL")
    db.execute(
        """UPDATE chats SET look_at = 0 WHERE gone IN ('forbidden', 'no-access', 'no-rights', 'tag-required',
           'thread-archived', 'thread-locked', 'topic-closed', 'verification-too-high', 'write-forbidden')"""
    )


@MIGRATIONS()
def m0014_what_feeds_bring(db: sqlite_utils.Database) -> None:
    """How many stories of a feed were published since when, without reading them."""
    db.execute("CREATE INDEX analyses_feed ON analyses (feed_id, at)")


@MIGRATIONS()
def m0015_digests_in_doubt(db: sqlite_utils.Database) -> None:
    """Which alerts a digest held that may have arrived."""
    _run(db, _DIGESTS_IN_DOUBT)


@MIGRATIONS()
def m0016_discarded(db: sqlite_utils.Database) -> None:
    """What a mute has discarded keeps no other story of its event back."""
    _run(db, _DISCARDED)


@MIGRATIONS()
def m0017_mutes_that_ended(db: sqlite_utils.Database) -> None:
    """A mute that has ended is kept for what was made while it was in force, beside one of the same words."""
    _run(db, _ENDED_MUTES)


@MIGRATIONS()
def m0018_removed_filters(db: sqlite_utils.Database) -> None:
    """Filters that were removed, which can be brought back as they were."""
    _run(db, _REMOVED_FILTERS)


@MIGRATIONS()
def m0019_muted_events_end(db: sqlite_utils.Database) -> None:
    """A muted event is muted for as long as anything may join it, and a day."""
    db.execute(
        """UPDATE mutes SET until = 4 * 86400 + coalesce(
             (SELECT max(first_seen, mutes.since - 3 * 86400) FROM events WHERE id = substr(mutes.query, 7)), since)
           WHERE query LIKE 'event:%' AND until IS NULL"""
    )


@MIGRATIONS()
def m0020_last_hits(db: sqlite_utils.Database) -> None:
    """When each filter brought something last, which is known for longer than alerts are kept."""
    # Of what was kept no more nobody knows: the silence of a filter without an alert begins with the oldest story.
    oldest = db.execute("SELECT min(first_seen) FROM stories").fetchone()[0]
    for table in ("filters", "removed_filters"):
        db.execute(f"ALTER TABLE {table} ADD COLUMN last_hit_at REAL")
        db.execute(
            f"""UPDATE {table} SET last_hit_at = coalesce((SELECT max(a.made_at) FROM alert_filters n
                  JOIN alerts a ON a.id = n.alert_id WHERE n.filter_id = {table}.id), ?)""",  # noqa: S608 - ours
            (oldest,),
        )


@MIGRATIONS()
def m0021_last_mutes(db: sqlite_utils.Database) -> None:
    """The number of each chat's newest mute, so that none is given twice."""
    db.execute("ALTER TABLE chats ADD COLUMN last_mute INTEGER NOT NULL DEFAULT 0")
    db.execute("UPDATE chats SET last_mute = coalesce((SELECT max(number) FROM mutes WHERE chat_id = chats.id), 0)")


@MIGRATIONS()
def m0022_pauses_that_end(db: sqlite_utils.Database) -> None:
    """When a chat's pause ends by itself; NULL: it does not, or there is none."""
    db.execute("ALTER TABLE chats ADD COLUMN paused_until REAL")
    db.execute("CREATE INDEX chats_paused_until ON chats (paused_until) WHERE paused_until IS NOT NULL")


@MIGRATIONS()
def m0023_further_places(db: sqlite_utils.Database) -> None:
    """The further folders that a feed had in the list from which it came, as JSON, and what its category said."""
    db.execute("ALTER TABLE follows ADD COLUMN also TEXT NOT NULL DEFAULT '[]'")
    db.execute("ALTER TABLE follows ADD COLUMN category TEXT NOT NULL DEFAULT ''")


@MIGRATIONS()
def m0024_parting(db: sqlite_utils.Database) -> None:
    """By which way of parting texts into words a story's words were found."""
    db.execute("ALTER TABLE analyses ADD COLUMN parting INTEGER NOT NULL DEFAULT 1")
    db.execute("CREATE INDEX analyses_parting ON analyses (parting)")


def _run(db: sqlite_utils.Database, script: str) -> None:
    """Run a script statement by statement: executescript() would commit, and a migration is one transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
    assert not statement.strip(), "the last statement is not closed"


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

_ARCHIVE = """
CREATE TABLE terms ( -- each word as some story of a language writes it
    id INTEGER PRIMARY KEY,
    language TEXT NOT NULL,
    written TEXT NOT NULL,
    folded TEXT NOT NULL,
    UNIQUE (language, written)
);

CREATE INDEX terms_folded ON terms (folded);

CREATE TABLE term_keys ( -- the keys under which its language compares it
    language TEXT NOT NULL,
    key TEXT NOT NULL,
    term_id INTEGER NOT NULL, -- words are kept for good
    PRIMARY KEY (language, key, term_id)
) WITHOUT ROWID;

CREATE TABLE lexicons ( -- by which method a language's keys were made
    language TEXT PRIMARY KEY,
    method TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE analyses ( -- what was found of a story when it was matched last; narrow, for it is read by the thousands
    story_id INTEGER PRIMARY KEY REFERENCES stories ON DELETE CASCADE,
    feed_id INTEGER NOT NULL, -- as in stories
    event_id INTEGER,
    version INTEGER NOT NULL,
    language TEXT NOT NULL,
    loud INTEGER NOT NULL, -- its headline is all capitals
    at REAL NOT NULL -- when it was published, as far as that can be believed
);

CREATE TABLE story_terms ( -- its words, as ids in reading order
    story_id INTEGER PRIMARY KEY REFERENCES stories ON DELETE CASCADE,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    content TEXT NOT NULL,
    page TEXT NOT NULL DEFAULT ''
);

CREATE VIRTUAL TABLE postings USING fts5 (
    title, description, content, page,
    content = 'story_terms', content_rowid = 'story_id', columnsize = 0, tokenize = 'ascii'
);

CREATE TRIGGER story_terms_added AFTER INSERT ON story_terms BEGIN
    INSERT INTO postings (rowid, title, description, content, page)
    VALUES (new.story_id, new.title, new.description, new.content, new.page);
END;

CREATE TRIGGER story_terms_removed AFTER DELETE ON story_terms BEGIN
    INSERT INTO postings (postings, rowid, title, description, content, page)
    VALUES ('delete', old.story_id, old.title, old.description, old.content, old.page);
END;

CREATE TRIGGER story_terms_changed AFTER UPDATE ON story_terms BEGIN
    INSERT INTO postings (postings, rowid, title, description, content, page)
    VALUES ('delete', old.story_id, old.title, old.description, old.content, old.page);
    INSERT INTO postings (rowid, title, description, content, page)
    VALUES (new.story_id, new.title, new.description, new.content, new.page);
END;

CREATE INDEX analyses_at ON analyses (at);

-- What was stored before is filed away by matching it once more; it is no news to anyone.
UPDATE stories SET silent = 1, late = 1, pending = 1 WHERE pending = 0;
"""

_UPKEEP = """
CREATE TABLE former_stories ( -- what stories that went are recognised by; a number names one story, here or there
    id INTEGER PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feeds ON DELETE CASCADE,
    face TEXT NOT NULL, -- guid, address, headline and date of the newest version, as JSON
    digest TEXT NOT NULL, -- of the whole of it
    first_seen REAL NOT NULL,
    seen_at REAL NOT NULL -- when its feed was known to show it, to a month
);
CREATE INDEX former_stories_seen ON former_stories (seen_at, id);
CREATE INDEX former_stories_feed ON former_stories (feed_id);
ALTER TABLE identities ADD COLUMN former_id INTEGER REFERENCES former_stories ON DELETE CASCADE;
-- when a key that names none was shown, to a month
ALTER TABLE identities ADD COLUMN spoiled_at REAL;
CREATE INDEX identities_former ON identities (former_id) WHERE former_id IS NOT NULL;
CREATE INDEX identities_spoiled ON identities (spoiled_at, feed_id, key) WHERE spoiled_at IS NOT NULL;
-- when a document was taken in last, entry by entry
ALTER TABLE feeds ADD COLUMN taken_at REAL;
UPDATE feeds SET taken_at = coalesce(read_at, polled_at);
UPDATE identities SET spoiled_at = coalesce((SELECT taken_at FROM feeds f WHERE f.id = feed_id), 0)
    WHERE story_id IS NULL;
-- when all that belonged to it went: what joins it later is no news
ALTER TABLE events ADD COLUMN gone_at REAL;
CREATE INDEX events_gone ON events (gone_at) WHERE gone_at IS NOT NULL;
-- what a restore withholds
CREATE INDEX alerts_withheld ON alerts (state) WHERE state = 'withheld';
CREATE TABLE upkeep ( -- what is done once in a while, and when it was done last
    name TEXT PRIMARY KEY,
    at REAL NOT NULL
) WITHOUT ROWID;
"""

_PAGES = """
CREATE TABLE pages ( -- the articles behind stories
    story_id INTEGER PRIMARY KEY REFERENCES stories ON DELETE CASCADE,
    due_at REAL, -- NULL: it was read, or is not to be any more
    attempts INTEGER NOT NULL DEFAULT 0,
    why TEXT NOT NULL DEFAULT '', -- it was not read
    text BLOB -- compressed (zlib)
);

CREATE INDEX pages_due ON pages (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE event_keys ( -- the articles by which an event is known
    key TEXT PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES events ON DELETE CASCADE
) WITHOUT ROWID;

CREATE INDEX event_keys_event ON event_keys (event_id);

INSERT INTO event_keys SELECT key, id FROM events;
"""

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

_FOLLOWING = """
-- when the first of its failures in a row was
ALTER TABLE feeds ADD COLUMN failing_since REAL;
UPDATE feeds SET failing_since = coalesce(well_at, polled_at) WHERE failures > 0;
-- hours and days at which it asks not to be asked, as JSON
ALTER TABLE feeds ADD COLUMN skips TEXT;
-- what the list said from which it came: its name there, its site, its folders as JSON
ALTER TABLE follows ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE follows ADD COLUMN site TEXT NOT NULL DEFAULT '';
ALTER TABLE follows ADD COLUMN folders TEXT NOT NULL DEFAULT '[]';
-- when it was pointed out that it brings nothing
ALTER TABLE filters ADD COLUMN silence_told_at REAL;
CREATE TABLE troubles ( -- what a chat was told of a feed, until it is told that it is over
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    feed_id INTEGER NOT NULL REFERENCES feeds ON DELETE CASCADE,
    state TEXT NOT NULL,
    PRIMARY KEY (chat_id, feed_id)
) WITHOUT ROWID;
CREATE INDEX troubles_feed ON troubles (feed_id);
CREATE TABLE notices ( -- what a chat is to be told besides alerts; a row goes once its message is sent
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    facts TEXT NOT NULL, -- as JSON; words are found when it is sent, in the chat's language
    made_at REAL NOT NULL,
    due_at REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    plain INTEGER NOT NULL DEFAULT 0 -- formatted, it was rejected
);
CREATE INDEX filters_silent ON filters (since) WHERE silence_told_at IS NULL;
CREATE INDEX notices_chat ON notices (chat_id);
CREATE INDEX notices_due ON notices (due_at);
"""

_TELLING = """
-- an IANA name; '': the instance's
ALTER TABLE chats ADD COLUMN zone TEXT NOT NULL DEFAULT '';
-- hours as they are typed; '': none
ALTER TABLE chats ADD COLUMN quiet TEXT NOT NULL DEFAULT '';
-- when its digest comes, in minutes after midnight
ALTER TABLE chats ADD COLUMN digest_at INTEGER;
ALTER TABLE filters ADD COLUMN mode TEXT NOT NULL DEFAULT 'instant';
CREATE TABLE mutes (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    number INTEGER NOT NULL,
    query TEXT NOT NULL, -- as it prints; 'event:7' for an event
    name TEXT NOT NULL, -- what it is called where that is not the query
    since REAL NOT NULL,
    until REAL, -- NULL: for good
    muted INTEGER NOT NULL DEFAULT 0, -- alerts that it discarded
    UNIQUE (chat_id, query)
);
-- when it was offered last
ALTER TABLE actions ADD COLUMN at REAL NOT NULL DEFAULT 0;
CREATE INDEX actions_at ON actions (at) WHERE at > 0;
"""

_SOURCES = """
CREATE TABLE sites ( -- the hosts of stories' links; '': of none
    id INTEGER PRIMARY KEY,
    host TEXT NOT NULL UNIQUE
);
CREATE TABLE bylines ( -- who wrote stories of a language; '': not named
    id INTEGER PRIMARY KEY,
    language TEXT NOT NULL,
    author TEXT NOT NULL,
    UNIQUE (language, author)
);
ALTER TABLE analyses ADD COLUMN site_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE analyses ADD COLUMN byline_id INTEGER NOT NULL DEFAULT 0;
CREATE TEMP TABLE sources (story_id INTEGER PRIMARY KEY, host TEXT NOT NULL, author TEXT NOT NULL);
INSERT INTO sources
    WITH links AS (SELECT id, coalesce(json_extract(entry, '$.author'), '') AS author,
                   coalesce(json_extract(entry, '$.url'), '') AS url FROM stories),
    hosts AS (SELECT id, author, lower(substr(url, instr(url, '://') + 3)) || '/' AS host FROM links)
    SELECT id, substr(host, 1, instr(host, '/') - 1), author FROM hosts;
UPDATE sources SET host = substr(host, 5) WHERE host LIKE 'www.%';
INSERT OR IGNORE INTO sites (host) SELECT host FROM sources;
INSERT OR IGNORE INTO bylines (language, author)
    SELECT a.language, s.author FROM analyses a JOIN sources s ON s.story_id = a.story_id;
UPDATE analyses SET
    site_id = (SELECT i.id FROM sources s JOIN sites i ON i.host = s.host WHERE s.story_id = analyses.story_id),
    byline_id = (SELECT b.id FROM sources s JOIN bylines b ON b.language = analyses.language AND b.author = s.author
                 WHERE s.story_id = analyses.story_id);
DROP TABLE sources;
CREATE INDEX analyses_source ON analyses (feed_id, site_id, language);
CREATE INDEX analyses_byline ON analyses (byline_id);
"""

_DIGESTS_IN_DOUBT = """
-- where digest is 3, told again in the digest that may have arrived: its key, and how many it said would follow
ALTER TABLE alerts ADD COLUMN doubt TEXT NOT NULL DEFAULT '';
"""

_DISCARDED = """
CREATE TABLE discarded ( -- for which filters an alert would have told its story, had its chat not muted it
    alert_id INTEGER NOT NULL REFERENCES alerts ON DELETE CASCADE,
    filter_id INTEGER NOT NULL,
    PRIMARY KEY (alert_id, filter_id)
) WITHOUT ROWID;
INSERT INTO discarded SELECT n.alert_id, n.filter_id FROM alert_filters n JOIN alerts a ON a.id = n.alert_id
    WHERE a.state = 'muted' AND a.why NOT LIKE 'event:%';
DELETE FROM alert_filters WHERE alert_id IN (SELECT alert_id FROM discarded);
"""

_ENDED_MUTES = """
CREATE TABLE all_mutes (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    number INTEGER NOT NULL,
    query TEXT NOT NULL, -- as it prints; 'event:7' for an event; of those in force each once
    name TEXT NOT NULL, -- what it is called where that is not the query
    since REAL NOT NULL,
    until REAL, -- NULL: for good; what was made before may still be held
    muted INTEGER NOT NULL DEFAULT 0 -- events that it discarded
);
INSERT INTO all_mutes SELECT id, chat_id, number, query, name, since, until, muted FROM mutes;
DROP TABLE mutes;
ALTER TABLE all_mutes RENAME TO mutes;
CREATE INDEX mutes_chat ON mutes (chat_id, query);
CREATE INDEX mutes_until ON mutes (until) WHERE until IS NOT NULL;
"""

_REMOVED_FILTERS = """
CREATE TABLE removed_filters ( -- as they were in filters
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    query_id INTEGER NOT NULL REFERENCES queries,
    number INTEGER NOT NULL,
    since REAL NOT NULL,
    mode TEXT NOT NULL,
    silence_told_at REAL,
    removed_at REAL NOT NULL,
    UNIQUE (chat_id, number)
);
CREATE INDEX removed_filters_query ON removed_filters (query_id);
CREATE INDEX removed_filters_at ON removed_filters (removed_at);
"""

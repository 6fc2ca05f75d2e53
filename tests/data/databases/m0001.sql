BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'tocsin','m0001_the_straight_line','2026-11-24 09:00:00.681934+00:00');
CREATE TABLE actions ( -- what a button says; an id is never given twice: old buttons stay where they were sent
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    line TEXT NOT NULL,
    UNIQUE (chat_id, line)
);
INSERT INTO "actions" VALUES(1,1,'/pause');
CREATE TABLE alert_filters ( -- one event, one alert per chat and filter; filter 0 is every story of a feed
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    event_id INTEGER NOT NULL,
    filter_id INTEGER NOT NULL,
    alert_id INTEGER NOT NULL REFERENCES alerts ON DELETE CASCADE,
    PRIMARY KEY (chat_id, event_id, filter_id)
) WITHOUT ROWID;
INSERT INTO "alert_filters" VALUES(1,3,1,1);
INSERT INTO "alert_filters" VALUES(2,3,3,2);
INSERT INTO "alert_filters" VALUES(1,4,1,3);
INSERT INTO "alert_filters" VALUES(1,4,2,3);
INSERT INTO "alert_filters" VALUES(2,4,3,4);
INSERT INTO "alert_filters" VALUES(1,5,1,5);
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
INSERT INTO "alerts" VALUES(1,1,3,3,'sent',0,0,'this run',1800000015.0,1800000017.0,'m1',NULL);
INSERT INTO "alerts" VALUES(2,2,3,3,'due',0,0,NULL,1800000015.0,NULL,NULL,NULL);
INSERT INTO "alerts" VALUES(3,1,4,4,'claimed',0,0,'a run that was killed',1800000021.0,NULL,NULL,NULL);
INSERT INTO "alerts" VALUES(4,2,4,4,'due',0,0,NULL,1800000021.0,NULL,NULL,NULL);
INSERT INTO "alerts" VALUES(5,1,5,5,'due',0,0,NULL,1800000023.0,NULL,NULL,NULL);
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
INSERT INTO "chats" VALUES(1,'telegram','alice','','group','Alice',1800000001.0,0,0,'',2);
INSERT INTO "chats" VALUES(2,'telegram','bob','','group','Bob',1800000010.0,0,1,'',1);
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    first_seen REAL NOT NULL
);
INSERT INTO "events" VALUES(1,'https://outlet.example/before https://lemonde.example/rss-article',1800000004.0);
INSERT INTO "events" VALUES(2,'https://outlet.example/before https://euractiv.example/rss-article',1800000007.0);
INSERT INTO "events" VALUES(3,'outlet.example/told-article',1800000015.0);
INSERT INTO "events" VALUES(4,'outlet.example/due-article',1800000021.0);
INSERT INTO "events" VALUES(5,'outlet.example/other-article',1800000023.0);
INSERT INTO "events" VALUES(6,'outlet.example/two-article',1800000025.0);
INSERT INTO "events" VALUES(7,'outlet.example/one-article',1800000026.0);
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
INSERT INTO "feeds" VALUES(1,'https://lemonde.example/rss','https://lemonde.example/rss',NULL,NULL,NULL,'512901ccec3d34376bbdedde82477168','b1',1800000018.0,1,1800000078.0,1800000018.0,1800000019.0,NULL,NULL,0,'',NULL,NULL,NULL);
INSERT INTO "feeds" VALUES(2,'https://euractiv.example/rss','https://euractiv.example/rss',NULL,NULL,NULL,'2f40a7cc9aa8129e055ec87ba7a6bf86','',NULL,1,1800000005.0,NULL,1800000024.0,NULL,NULL,0,'',NULL,NULL,NULL);
CREATE TABLE filters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    query_id INTEGER NOT NULL REFERENCES queries,
    number INTEGER NOT NULL,
    since REAL NOT NULL,
    UNIQUE (chat_id, number),
    UNIQUE (chat_id, query_id)
);
INSERT INTO "filters" VALUES(1,1,1,1,1800000008.0);
INSERT INTO "filters" VALUES(2,1,2,2,1800000009.0);
INSERT INTO "filters" VALUES(3,2,1,1,1800000012.0);
CREATE TABLE follows (
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    feed_id INTEGER NOT NULL REFERENCES feeds ON DELETE CASCADE,
    since REAL NOT NULL,
    everything_since REAL, -- every story that was first seen after is pushed; NULL: only what filters match
    PRIMARY KEY (chat_id, feed_id)
) WITHOUT ROWID;
INSERT INTO "follows" VALUES(1,1,1800000002.0,NULL);
INSERT INTO "follows" VALUES(1,2,1800000005.0,NULL);
INSERT INTO "follows" VALUES(2,1,1800000011.0,NULL);
CREATE TABLE identities ( -- the keys under which a feed's stories are known
    feed_id INTEGER NOT NULL REFERENCES feeds ON DELETE CASCADE,
    key TEXT NOT NULL,
    story_id INTEGER REFERENCES stories ON DELETE CASCADE, -- NULL: several entries had it, so it names none
    PRIMARY KEY (feed_id, key)
) WITHOUT ROWID;
INSERT INTO "identities" VALUES(2,'guid:shared',NULL);
INSERT INTO "identities" VALUES(1,'exact:1eca1994f356095fdc75e58297aecf96-45a273ab',1);
INSERT INTO "identities" VALUES(1,'guid:before https://lemonde.example/rss',1);
INSERT INTO "identities" VALUES(1,'link:https://outlet.example/before https://lemonde.example/rss-article',1);
INSERT INTO "identities" VALUES(1,'page:6017597317e97df1-8324d7e5',1);
INSERT INTO "identities" VALUES(1,'text:1eca1994f356095fdc75e58297aecf96',1);
INSERT INTO "identities" VALUES(2,'exact:1eca1994f356095fdc75e58297aecf96-1699e4dc',2);
INSERT INTO "identities" VALUES(2,'guid:before https://euractiv.example/rss',2);
INSERT INTO "identities" VALUES(2,'link:https://outlet.example/before https://euractiv.example/rss-article',2);
INSERT INTO "identities" VALUES(2,'page:6017597317e97df1-e497bb9f',2);
INSERT INTO "identities" VALUES(2,'text:1eca1994f356095fdc75e58297aecf96',2);
INSERT INTO "identities" VALUES(1,'dated:4a395f84a9b3805c-1799996413.0',3);
INSERT INTO "identities" VALUES(1,'dated:4a395f84a9b3805c-1799996418.0',3);
INSERT INTO "identities" VALUES(1,'exact:c81abcd122c5c91df4e1d8450f67da29-76754760',3);
INSERT INTO "identities" VALUES(1,'exact:c848c7459bdd3fee929e4ca80f229556-7a20a881',3);
INSERT INTO "identities" VALUES(1,'guid:told',3);
INSERT INTO "identities" VALUES(1,'link:outlet.example/told-article',3);
INSERT INTO "identities" VALUES(1,'page:4a395f84a9b3805c-1774fec5',3);
INSERT INTO "identities" VALUES(1,'text:c81abcd122c5c91df4e1d8450f67da29',3);
INSERT INTO "identities" VALUES(1,'text:c848c7459bdd3fee929e4ca80f229556',3);
INSERT INTO "identities" VALUES(1,'dated:272b84af57860896-1800000018.0',4);
INSERT INTO "identities" VALUES(1,'exact:b20cbacb325fb9b9f2b61efaab4d5ace-cfe81a23',4);
INSERT INTO "identities" VALUES(1,'guid:due',4);
INSERT INTO "identities" VALUES(1,'link:outlet.example/due-article',4);
INSERT INTO "identities" VALUES(1,'page:272b84af57860896-102878cd',4);
INSERT INTO "identities" VALUES(1,'text:b20cbacb325fb9b9f2b61efaab4d5ace',4);
INSERT INTO "identities" VALUES(2,'exact:248a90afde3e8c011b47adb051b7e335-38d17ed1',5);
INSERT INTO "identities" VALUES(2,'exact:a9b188dd76c38f19df8eabebd96ab2b3-38d17ed1',5);
INSERT INTO "identities" VALUES(2,'guid:held',5);
INSERT INTO "identities" VALUES(2,'link:outlet.example/other-article',5);
INSERT INTO "identities" VALUES(2,'page:5154e9aca0aa041d-b7903c4',5);
INSERT INTO "identities" VALUES(2,'page:a722a6d9e07bd02d-b7903c4',5);
INSERT INTO "identities" VALUES(2,'text:248a90afde3e8c011b47adb051b7e335',5);
INSERT INTO "identities" VALUES(2,'text:a9b188dd76c38f19df8eabebd96ab2b3',5);
INSERT INTO "identities" VALUES(2,'exact:99a55d64658fccdd20b466e97f2d1b91-e81b9158',6);
INSERT INTO "identities" VALUES(2,'link:outlet.example/two-article',6);
INSERT INTO "identities" VALUES(2,'page:18aec6a5bee97c8c-2f05e6a5',6);
INSERT INTO "identities" VALUES(2,'text:99a55d64658fccdd20b466e97f2d1b91',6);
INSERT INTO "identities" VALUES(2,'exact:e4cf918092fb158999316e7e1d5789c2-b4c0d6c0',7);
INSERT INTO "identities" VALUES(2,'link:outlet.example/one-article',7);
INSERT INTO "identities" VALUES(2,'page:5011cd88f2a8edcf-ec478596',7);
INSERT INTO "identities" VALUES(2,'text:e4cf918092fb158999316e7e1d5789c2',7);
CREATE TABLE lanes ( -- chats with due alerts and none in hand, and when the next may be sent
    chat_id INTEGER PRIMARY KEY REFERENCES chats ON DELETE CASCADE,
    platform TEXT NOT NULL,
    ready_at REAL NOT NULL
);
CREATE TABLE matches (
    query_id INTEGER NOT NULL REFERENCES queries ON DELETE CASCADE,
    story_id INTEGER NOT NULL REFERENCES stories ON DELETE CASCADE,
    spans TEXT NOT NULL, -- in the story's newest version, as JSON
    PRIMARY KEY (query_id, story_id)
) WITHOUT ROWID;
INSERT INTO "matches" VALUES(1,3,'[["title",0,5]]');
INSERT INTO "matches" VALUES(1,4,'[["content",0,5]]');
INSERT INTO "matches" VALUES(1,5,'[["title",0,5]]');
INSERT INTO "matches" VALUES(2,4,'[["title",0,20]]');
CREATE TABLE operators (
    person TEXT PRIMARY KEY
) WITHOUT ROWID;
INSERT INTO "operators" VALUES('telegram:1');
CREATE TABLE queries (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
);
INSERT INTO "queries" VALUES(1,'EUMAM');
INSERT INTO "queries" VALUES(2,'military instructors');
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
INSERT INTO "stories" VALUES(1,1,1,1,'{"guid":"before https://lemonde.example/rss","url":"https://outlet.example/before https://lemonde.example/rss-article","title":"What came before"}','1eca1994f356095fdc75e58297aecf96',1800000003.0,1800000003.0,1,1,0,1);
INSERT INTO "stories" VALUES(2,2,2,1,'{"guid":"before https://euractiv.example/rss","url":"https://outlet.example/before https://euractiv.example/rss-article","title":"What came before"}','1eca1994f356095fdc75e58297aecf96',1800000006.0,1800000006.0,1,1,0,1);
INSERT INTO "stories" VALUES(3,1,3,2,'{"guid":"told","url":"https://outlet.example/told-article","title":"EUMAM counts its graduates","published":1799996418.0}','c81abcd122c5c91df4e1d8450f67da29',1800000014.0,1800000019.0,0,0,0,2);
INSERT INTO "stories" VALUES(4,1,4,1,'{"guid":"due","url":"https://outlet.example/due-article","title":"Military instructors wanted","content":"EUMAM wants more.","published":1800000018.0}','b20cbacb325fb9b9f2b61efaab4d5ace',1800000019.0,1800000019.0,0,0,0,1);
INSERT INTO "stories" VALUES(5,2,5,2,'{"guid":"held","url":"https://outlet.example/other-article","title":"EUMAM, in better words"}','248a90afde3e8c011b47adb051b7e335',1800000022.0,1800000027.0,0,0,1,1);
INSERT INTO "stories" VALUES(6,2,6,1,'{"guid":"shared","url":"https://outlet.example/two-article","title":"Two"}','99a55d64658fccdd20b466e97f2d1b91',1800000024.0,1800000024.0,0,0,0,1);
INSERT INTO "stories" VALUES(7,2,7,1,'{"guid":"shared","url":"https://outlet.example/one-article","title":"One"}','e4cf918092fb158999316e7e1d5789c2',1800000024.0,1800000024.0,0,0,0,1);
CREATE TABLE versions ( -- what a story was before it was changed
    story_id INTEGER NOT NULL REFERENCES stories ON DELETE CASCADE,
    version INTEGER NOT NULL,
    entry TEXT NOT NULL,
    seen_at REAL NOT NULL,
    PRIMARY KEY (story_id, version)
) WITHOUT ROWID;
INSERT INTO "versions" VALUES(3,1,'{"guid":"told","url":"https://outlet.example/told-article","title":"EUMAM counts its graduates","summary":"Nineteen of twenty stayed.","content":"The last course ended on Friday. EUMAM counted.","published":1799996413.0}',1800000014.0);
INSERT INTO "versions" VALUES(5,1,'{"guid":"held","url":"https://outlet.example/other-article","title":"EUMAM, in other words"}',1800000022.0);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX feeds_due ON feeds (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX follows_feed ON follows (feed_id, chat_id);
CREATE INDEX filters_query ON filters (query_id, chat_id);
CREATE INDEX stories_pending ON stories (id) WHERE pending = 1;
CREATE INDEX stories_feed ON stories (feed_id, first_seen);
CREATE INDEX stories_event ON stories (event_id);
CREATE INDEX identities_story ON identities (story_id);
CREATE INDEX matches_story ON matches (story_id);
CREATE INDEX alerts_chat ON alerts (chat_id, state);
CREATE INDEX alerts_event ON alerts (event_id, chat_id);
CREATE INDEX alerts_story ON alerts (story_id);
CREATE INDEX alert_filters_alert ON alert_filters (alert_id);
CREATE INDEX alert_filters_filter ON alert_filters (filter_id);
CREATE INDEX lanes_ready ON lanes (platform, ready_at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('chats',2);
INSERT INTO "sqlite_sequence" VALUES('filters',3);
INSERT INTO "sqlite_sequence" VALUES('actions',1);
INSERT INTO "sqlite_sequence" VALUES('alerts',5);
COMMIT;

"""Everything SQL: one SQLite file, one writer thread, two readers. One method is one use case and one transaction."""

from storage.chats import ChatStore
from storage.database import Database, DatabaseInUse
from storage.feeds import FeedStore
from storage.instants import InstantStore
from storage.outbox import OutboxStore
from storage.stories import StoryStore

__all__ = ["ChatStore", "Database", "DatabaseInUse", "FeedStore", "InstantStore", "OutboxStore", "StoryStore"]

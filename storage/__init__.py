"""Everything SQL: one SQLite file, one writer thread, two readers. One method is one use case and one transaction."""

from storage.back_tests import ArchiveStore
from storage.chats import ChatStore
from storage.database import Database, DatabaseInUse
from storage.feeds import FeedStore
from storage.outbox import OutboxStore
from storage.stories import StoryStore

__all__ = ["ArchiveStore", "ChatStore", "Database", "DatabaseInUse", "FeedStore", "OutboxStore", "StoryStore"]

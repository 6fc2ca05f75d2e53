"""Everything SQL: one SQLite file, one writer thread, two readers. One method is one use case and one transaction."""

from storage.back_tests import ArchiveStore
from storage.chats import ChatStore
from storage.database import Database, DatabaseDamaged, DatabaseInUse
from storage.feeds import FeedStore
from storage.instants import InstantStore
from storage.notices import NoticeStore
from storage.outbox import OutboxStore
from storage.stories import StoryStore
from storage.telling import TellingStore
from storage.upkeep import Upkeep

__all__ = [
    "ArchiveStore",
    "ChatStore",
    "Database",
    "DatabaseDamaged",
    "DatabaseInUse",
    "FeedStore",
    "InstantStore",
    "NoticeStore",
    "OutboxStore",
    "StoryStore",
    "TellingStore",
    "Upkeep",
]

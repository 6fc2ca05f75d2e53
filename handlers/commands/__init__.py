"""Each command once, whatever platform serves it: a `Call` goes in, a `Reply` comes out."""

from handlers.commands.access import Access
from handlers.commands.answering import Commands
from handlers.commands.base import Limits, Pack, Tools
from handlers.commands.table import COMMANDS

__all__ = ["COMMANDS", "Access", "Commands", "Limits", "Pack", "Tools"]

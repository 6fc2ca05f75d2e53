"""Discord: its markdown, its refusals, its interactions; nothing here decides what is said."""

from handlers.on_discord.front import DiscordFront
from handlers.on_discord.markdown import to_markdown

__all__ = ["DiscordFront", "to_markdown"]


"""Discord: its markdown, its refusals, its interactions; nothing here decides what is said."""

from handlers.on_discord.markdown import to_markdown

__all__ = ["to_markdown"]

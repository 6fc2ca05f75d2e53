"""Discord: its markdown, its refusals, its interactions; nothing here decides what is said."""

from handlers.on_discord.embeds import payload
from handlers.on_discord.front import DiscordFront
from handlers.on_discord.markdown import to_markdown
from handlers.on_discord.rates import OVERALL, lane_of, rates_of
from handlers.on_discord.sender import DiscordSender

__all__ = ["OVERALL", "DiscordFront", "DiscordSender", "lane_of", "payload", "rates_of", "to_markdown"]

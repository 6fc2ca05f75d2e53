"""Telegram: its markup, its refusals, its updates; nothing here decides what is said."""

from handlers.on_telegram.front import TelegramFront
from handlers.on_telegram.html import to_html
from handlers.on_telegram.rates import OVERALL, lane_of, rates_of
from handlers.on_telegram.sender import TelegramSender, is_group

__all__ = ["OVERALL", "TelegramFront", "TelegramSender", "is_group", "lane_of", "rates_of", "to_html"]

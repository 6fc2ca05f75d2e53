"""Methods whose answers aiogram's models are not asked about.

Its models are of one version of the Bot API and demand each field that this version has: an update or a member from a
self-hosted server of another version is unreadable to them, and one such update makes a whole batch unreadable.
"""

from typing import Any

from aiogram.methods.base import TelegramMethod

Json = dict[str, Any]


class GetUpdates(TelegramMethod[list[Json]]):
    """getUpdates."""

    __returning__ = list[Json]
    __api_method__ = "getUpdates"

    offset: int | None
    limit: int
    timeout: int
    allowed_updates: list[str]


class GetChatMember(TelegramMethod[Json]):
    """getChatMember."""

    __returning__ = Json
    __api_method__ = "getChatMember"

    chat_id: int
    user_id: int

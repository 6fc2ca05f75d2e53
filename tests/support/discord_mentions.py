"""Whom a message on Discord notifies."""

import re
from typing import Any

from .discord_chats import Received

_KINDS = {
    "everyone": re.compile(r"@(?:everyone|here)\b"),
    "users": re.compile(r"<@!?([0-9]+)>"),
    "roles": re.compile(r"<@&([0-9]+)>"),
}


def mentions_anyone(message: Received) -> bool:
    """Whether the message, as it was sent or edited last, would notify anybody; embeds never do."""
    allowed: dict[str, Any] | None = message.allowed_mentions
    for kind, pattern in _KINDS.items():
        found = pattern.findall(message.content)
        if found and (allowed is None or kind in (allowed.get("parse") or ())):
            return True
        if allowed is not None and {str(one) for one in allowed.get(kind) or ()}.intersection(found):
            return True
    return message.reply_to is not None and (allowed is None or bool(allowed.get("replied_user")))

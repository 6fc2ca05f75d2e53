"""From a message to what Discord is sent: content, an embed, buttons; pure, and within Discord's limits.

Source of the limits: Discord's documentation of messages, embeds and components. Text in titles, descriptions and
fields is markdown; an author's name and a footer are shown as they are.
"""

from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import quote, urlsplit

from bot.domain.characters import clean, is_seen
from bot.domain.chats import Button, Card, Message
from bot.domain.rich import Piece, Text, bare, plain, to_plain, truncate, utf16_length
from handlers.on_discord.markdown import MAX_CONTENT, PLACEHOLDER, to_markdown

Json = dict[str, Any]

MAX_DESCRIPTION: Final = 4096
MAX_TITLE: Final = 256
MAX_AUTHOR: Final = 256
MAX_FIELD: Final = 1024
MAX_POST_NAME: Final = 100
# All of an embed's text may have 6,000 characters; these are less than it may have in each of its parts.
_SUMMARY: Final = 2048
_FOOTER: Final = 1500
_ENDLESS: Final = 1_000_000
_MAX_URL: Final = 2048
_MAX_ROWS: Final = 5
_MAX_BUTTONS: Final = 5  # in a row
_MAX_LABEL: Final = 80
_MAX_CUSTOM_ID: Final = 100
AFAR: Final = "@"
"""Between an action and the channel that it is about, where the button stands in another."""

_MAX_TAGS: Final = 5
_MAX_TAG: Final = 20  # characters of a tag's name

_ROW, _BUTTON, _SECONDARY = 1, 2, 2
_SUPPRESS_NOTIFICATIONS: Final = 1 << 12
_REQUIRES_TAG: Final = 1 << 4
_IN_URLS: Final = ":/?#[]@!$&'()*+,;=%~-._"
# A year that Discord takes, so that a date which a feed made up is no reason to refuse its story.
_EARLIEST, _LATEST = 0.0, 4_102_444_800.0


class TooLong(ValueError):
    """A text that has to be whole does not fit into a message without formatting."""


def units(text: Text) -> int:
    """How much of an embed's description `text` takes: UTF-16 units with all markup."""
    return utf16_length(to_markdown(text, _ENDLESS))


def payload(message: Message, *, about: str = "") -> Json:
    """What a message says, as Discord's requests have it; nothing in it mentions anybody.

    `about` is the channel that the message's buttons are about, where they will stand in another.

    Raises:
        TooLong: it tells several things, and there is no room for all of them without an embed.
    """
    content, embeds = "", []
    if message.card is not None and not message.plain:
        content = to_markdown(message.card.notes) if message.card.notes else ""
        embeds = [_embed(message.card)]
    else:
        text = bare(message.text) if message.plain else message.text
        if units(text) <= MAX_CONTENT or (message.plain and message.card is not None):
            content = to_markdown(text)
        elif message.plain:
            raise TooLong("too long without formatting")
        else:
            embeds = [{"description": to_markdown(text, MAX_DESCRIPTION)}]
    return {
        "content": content,
        "embeds": embeds,
        "components": _rows(message, about),
        "allowed_mentions": {"parse": []},
    }


def flags(message: Message) -> int:
    """How it is sent: without a sound, or as usual."""
    return _SUPPRESS_NOTIFICATIONS if message.silent else 0


def marker(key: str) -> int:
    """A number that a message carries unseen, by which it can be found again: its first row's id (31 bits)."""
    # Rows and buttons without one are numbered from 1.
    return 1_000 + int.from_bytes(blake2b(key.encode(), digest_size=4).digest(), "big") % (2**31 - 1_000)


def is_the_same(posted: Json, sent: Json, key: str) -> bool:
    """Whether a message that stands somewhere is the one that was to be sent, under this key."""
    rows = posted.get("components") or []
    if sent["components"]:
        return any(row.get("id") == marker(key) for row in rows)
    return not rows and _said(posted) == _said(sent)


def post_name(message: Message) -> str:
    """What a forum's post is called: after the headline, or the first line."""
    text = to_plain(message.card.title) if message.card is not None else to_plain(message.text)
    line = " ".join(clean(text).strip().partition("\n")[0].split())
    return to_plain(truncate(plain(line), MAX_POST_NAME)) if is_seen(line) else PLACEHOLDER


def post_tags(message: Message, forum: Json) -> list[str]:
    """The ids of the forum's tags that a post gets: those called as its filters are, or any where one is required."""
    tags = [tag for tag in forum.get("available_tags") or [] if not tag.get("moderated")]
    filters = {_as_tag(query) for query in message.card.filters} if message.card is not None else set()
    chosen = [str(tag["id"]) for tag in tags if _as_tag(tag["name"]) in filters]
    if not chosen and int(forum.get("flags") or 0) & _REQUIRES_TAG:
        chosen = [str(tag["id"]) for tag in tags[:1]]
    return chosen[:_MAX_TAGS]


def _as_tag(name: str) -> str:
    return name.strip().strip('"“”«»=#').casefold()[:_MAX_TAG].rstrip()


def _embed(card: Card) -> Json:
    embed: Json = {"title": to_markdown(plain(to_plain(card.title)), MAX_TITLE)}
    if url := _url(card.url):
        embed["url"] = url
    if author := _shown(" · ".join(filter(None, (card.outlet, card.language))), MAX_AUTHOR):
        embed["author"] = {"name": author}
    if card.published is not None:
        at = datetime.fromtimestamp(min(max(card.published, _EARLIEST), _LATEST), UTC)
        embed["timestamp"] = at.isoformat(timespec="seconds")
    if card.summary:
        embed["description"] = to_markdown(card.summary, _SUMMARY)
    if card.also is not None:
        heading, named = card.also
        embed["fields"] = [
            {"name": to_markdown(plain(heading), MAX_TITLE), "value": to_markdown(plain(named), MAX_FIELD)}
        ]
    if footer := _shown(to_plain(card.why), _FOOTER):
        embed["footer"] = {"text": footer}
    if image := _url(card.image):
        embed["image"] = {"url": image}
    return embed


def _shown(text: str, most: int) -> str:
    """`text` where Discord shows it as it is; nothing where there is nothing to see."""
    text = clean(text).strip()
    return to_plain(truncate((Piece(text),), most)) if is_seen(text) else ""


def _url(url: str | None) -> str:
    """An address as Discord takes it: http(s), ASCII, not too long; nothing where it is none."""
    if not url or clean(url) != url:
        return ""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        if parts.scheme.lower() not in ("http", "https") or not host or parts.username is not None:
            return ""
        there = host.encode("idna").decode() if not host.isascii() else host
    except ValueError:
        return ""
    there = f"[{there}]" if ":" in there else there
    there = there if port is None else f"{there}:{port}"
    path = parts.path or "/"
    made = parts._replace(scheme=parts.scheme.lower(), netloc=there, path=path).geturl()
    made = quote(made, safe=_IN_URLS)
    return made if len(made) <= _MAX_URL else ""


def _rows(message: Message, about: str) -> list[Json]:
    rows: list[Json] = []
    known: set[str] = set()  # Discord refuses a message in which two buttons do the same
    for row in message.buttons:
        buttons = {button.action: _button(button, about) for button in row if button.action not in known}
        known.update(buttons)
        wide = list(buttons.values())
        rows += [{"type": _ROW, "components": wide[at : at + _MAX_BUTTONS]} for at in range(0, len(wide), _MAX_BUTTONS)]
    if rows and message.key:
        rows[0]["id"] = marker(message.key)
    return rows[:_MAX_ROWS]


def _button(button: Button, about: str) -> Json:
    custom_id = f"{button.action}{AFAR}{about}" if about else button.action
    label = _shown(button.label, _MAX_LABEL) or PLACEHOLDER
    return {"type": _BUTTON, "style": _SECONDARY, "label": label, "custom_id": custom_id[:_MAX_CUSTOM_ID]}


def _said(body: Json) -> tuple[str, str]:
    """What of a message can be compared with another's."""
    embeds = body.get("embeds") or [{}]
    return (body.get("content") or "").strip(), (embeds[0].get("description") or "").strip()

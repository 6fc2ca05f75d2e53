"""What Discord lets people and the bot do in a channel, as bits; what the bot needs is here, and nowhere else."""

from typing import Final

ADMINISTRATOR: Final = 1 << 3
MANAGE_CHANNELS: Final = 1 << 4
MANAGE_SERVER: Final = 1 << 5
VIEW: Final = 1 << 10
SEND: Final = 1 << 11
EMBED: Final = 1 << 14
HISTORY: Final = 1 << 16
SEND_IN_THREADS: Final = 1 << 38

CHANGES: Final = MANAGE_CHANNELS
"""Who has this is offered the commands that change something, unless the server's administrators say otherwise."""

INVITE: Final = VIEW | SEND | EMBED | HISTORY | SEND_IN_THREADS
"""What the invitation asks for: to see, to write, to show alerts, to reply to them, and all that in threads too."""

NAMES: Final = {
    VIEW: "view",
    SEND: "send",
    SEND_IN_THREADS: "send-in-threads",
    EMBED: "embed",
    HISTORY: "history",
}
"""The tails of keys in the locale files."""

_POSTS: Final = {15}
_THREADS: Final = {10, 11, 12}


def may_change(bits: int) -> bool:
    """Whether somebody with these permissions may change what a chat is told."""
    return bool(bits & (ADMINISTRATOR | MANAGE_SERVER | MANAGE_CHANNELS))


def missing(bits: int, channel: int) -> tuple[str, ...]:
    """Which of the permissions that the bot needs in a channel of this type it lacks, by name.

    In a thread it writes by another permission than in a channel; a forum's posts are written by a channel's, and what
    follows in them by a thread's.
    """
    if bits & ADMINISTRATOR:
        return ()
    needed = INVITE
    if channel in _THREADS:
        needed &= ~SEND
    elif channel not in _POSTS:
        needed &= ~SEND_IN_THREADS
    return tuple(name for bit, name in NAMES.items() if needed & ~bits & bit)


def invitation(application: str) -> str:
    """Where an administrator adds the bot to a server."""
    return (
        f"https://discord.com/oauth2/authorize?client_id={application}"
        f"&scope=bot+applications.commands&permissions={INVITE}"
    )

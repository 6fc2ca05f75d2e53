"""What one may do on Discord, as numbers."""

from collections.abc import Iterable

PERMISSIONS = {
    "administrator": 1 << 3,
    "manage_channels": 1 << 4,
    "manage_guild": 1 << 5,
    "view_channel": 1 << 10,
    "send_messages": 1 << 11,
    "manage_messages": 1 << 13,
    "embed_links": 1 << 14,
    "attach_files": 1 << 15,
    "read_message_history": 1 << 16,
    "mention_everyone": 1 << 17,
    "use_application_commands": 1 << 31,
    "manage_threads": 1 << 34,
    "create_public_threads": 1 << 35,
    "send_messages_in_threads": 1 << 38,
}
ALL_PERMISSIONS = (1 << 53) - 1


def permission_bits(names: Iterable[str]) -> int:
    """Permissions, by the names that the documentation has in capitals, as a number."""
    bits = 0
    for name in names:
        bits |= PERMISSIONS[name]
    return bits


MEMBERS = permission_bits(PERMISSIONS.keys() - {"administrator", "manage_channels", "manage_guild", "mention_everyone"})
MEMBERS &= ~permission_bits(["manage_messages", "manage_threads"])

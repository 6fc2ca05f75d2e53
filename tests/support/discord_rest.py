"""The REST API of the stand-in for Discord: which operations there are, and those that are about the bot itself."""

from abc import abstractmethod
from typing import Any

from . import discord_schema
from .discord_callbacks import Callbacks
from .discord_chats import Person
from .discord_faults import Refused
from .discord_places import Places
from .discord_requests import Asked, allow

ROUTES = (
    ("GET", "/gateway", "get_gateway"),
    ("GET", "/gateway/bot", "get_bot_gateway"),
    ("GET", "/users/@me", "get_my_user"),
    ("GET", "/users/@me/guilds", "list_my_guilds"),
    ("DELETE", "/users/@me/guilds/{guild_id}", "leave_guild"),
    ("POST", "/users/@me/channels", "create_dm"),
    ("GET", "/users/{user_id}", "get_user"),
    ("GET", "/oauth2/applications/@me", "get_my_oauth2_application"),
    ("GET", "/applications/@me", "get_my_application"),
    ("PUT", "/applications/{application_id}/commands", "bulk_set_application_commands"),
    ("GET", "/applications/{application_id}/commands", "list_application_commands"),
    (
        "GET",
        "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}/permissions",
        "get_guild_application_command_permissions",
    ),
    ("POST", "/interactions/{interaction_id}/{interaction_token}/callback", "create_interaction_response"),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}", "execute_webhook"),
    ("GET", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", "get_original_webhook_message"),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", "update_original_webhook_message"),
    ("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", "delete_original_webhook_message"),
    ("GET", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", "get_webhook_message"),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", "update_webhook_message"),
    ("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", "delete_webhook_message"),
    ("GET", "/channels/{channel_id}", "get_channel"),
    ("PATCH", "/channels/{channel_id}", "update_channel"),
    ("DELETE", "/channels/{channel_id}", "delete_channel"),
    ("GET", "/channels/{channel_id}/messages", "list_messages"),
    ("POST", "/channels/{channel_id}/messages", "create_message"),
    ("GET", "/channels/{channel_id}/messages/{message_id}", "get_message"),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}", "update_message"),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}", "delete_message"),
    ("POST", "/channels/{channel_id}/threads", "create_thread"),
    ("POST", "/channels/{channel_id}/messages/{message_id}/threads", "create_thread_from_message"),
    ("GET", "/channels/{channel_id}/threads/archived/public", "list_public_archived_threads"),
    ("POST", "/channels/{channel_id}/typing", "trigger_typing_indicator"),
    ("GET", "/guilds/{guild_id}", "get_guild"),
    ("GET", "/guilds/{guild_id}/channels", "list_guild_channels"),
    ("GET", "/guilds/{guild_id}/roles", "list_guild_roles"),
    ("GET", "/guilds/{guild_id}/threads/active", "get_active_guild_threads"),
    ("GET", "/guilds/{guild_id}/members/{user_id}", "get_guild_member"),
)
CREATED = {"create_thread", "create_thread_from_message"}
"""What answers with 201."""
OPEN = {"get_gateway"}
"""What needs no token; nor does what has one of its own in its path."""


class Rest(Places, Callbacks):
    """Every operation, under its name in the published description."""

    commands: list[dict[str, Any]]
    application_owner: Person
    granted_flags: int

    @property
    @abstractmethod
    def gateway_url(self) -> str:
        """Where the gateway is."""

    @abstractmethod
    def bot_json(self) -> dict[str, Any]:
        """The bot, as the API shows it to itself."""

    def _get_gateway(self, asked: Asked) -> Any:
        return {"url": self.gateway_url}

    def _get_bot_gateway(self, asked: Asked) -> Any:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return {"url": self.gateway_url, "shards": 1, "session_start_limit": limit}

    def _get_my_user(self, asked: Asked) -> Any:
        return self.bot_json()

    def _get_user(self, asked: Asked) -> Any:
        found = self.people.get(asked.number("user_id"))
        if found is None:
            raise Refused(404, 10013, "Unknown User")
        return found.as_json()

    def _list_my_guilds(self, asked: Asked) -> Any:
        return [
            {
                "id": str(one.id),
                "name": one.name,
                "icon": None,
                "banner": None,
                "owner": False,
                "permissions": "0",
                "features": [],
            }
            for one in self.guilds.values()
            if one.joined
        ]

    def _leave_guild(self, asked: Asked) -> None:
        self._guild(asked).remove_bot()

    def _get_my_application(self, asked: Asked) -> Any:
        return {
            "id": str(self.bot.id),
            "name": self.bot.name,
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "type": None,
            "verify_key": "0" * 64,
            "flags_new": str(self.granted_flags),
            "flags": self.granted_flags,
            "owner": self.application_owner.as_json(),
            "team": None,
            "bot": self.bot.as_json(),
            "redirect_uris": [],
            "role_connections_verification_url": None,
            "approximate_user_install_count": sum(one.installed for one in self.people.values()),
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "eligible_oauth2_scopes": [],
            "interactions_endpoint_url": None,
            "integration_types_config": {"0": {}, "1": {}},
            "approximate_guild_count": len(self.guilds),
        }

    def _get_my_oauth2_application(self, asked: Asked) -> Any:
        return self._get_my_application(asked)

    def _bulk_set_application_commands(self, asked: Asked) -> Any:
        self._own(asked)
        allow(discord_schema.command_errors(asked.body))
        ids = {(one["name"], one["type"]): one["id"] for one in self.commands}
        self.commands = [self._as_command(one, ids) for one in asked.body]
        return self.commands

    def _as_command(self, given: dict[str, Any], ids: dict[tuple[str, int], str]) -> dict[str, Any]:
        kind = given.get("type") or 1
        allowed = given.get("default_member_permissions")
        return given | {
            "id": ids.get((given["name"], kind)) or str(self.number()),
            "application_id": str(self.bot.id),
            "version": str(self.number()),
            "type": kind,
            "description": given.get("description") or "",
            "default_member_permissions": None if allowed is None else str(allowed),
            "dm_permission": given.get("dm_permission", True),
            "contexts": given.get("contexts"),
            "integration_types": given.get("integration_types") or [0],
            "nsfw": given.get("nsfw", False),
        }

    def _list_application_commands(self, asked: Asked) -> Any:
        self._own(asked)
        return self.commands

    def _get_guild_application_command_permissions(self, asked: Asked) -> Any:
        self._own(asked)
        guild, wanted = self._guild(asked), asked.path["command_id"]
        settled = next((guild.adjusted.get(one["name"]) for one in self.commands if one["id"] == wanted), None)
        if settled is None:
            raise Refused(404, 10066, "Unknown application command permissions")
        return {
            "id": wanted,
            "application_id": str(self.bot.id),
            "guild_id": str(guild.id),
            "permissions": [{"id": str(person), "type": 2, "permission": True} for person in settled],
        }

    def _own(self, asked: Asked) -> None:
        if asked.path["application_id"] != str(self.bot.id):
            raise Refused(403, 20012, "You are not authorized to perform this action on this application")

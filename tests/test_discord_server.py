"""A plain client of discord.py against the stand-in for Discord."""

import asyncio
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import yarl

from support.discord_server import Channel, DiscordServer, File, NotOffered, mentions_anyone

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord
    from discord import app_commands
    from discord.gateway import DiscordWebSocket
    from discord.http import Route


class Client(discord.Client):
    """A client with a few commands."""

    def __init__(self, server: DiscordServer) -> None:
        super().__init__(intents=discord.Intents(guilds=True), guild_ready_timeout=0)
        self.tree = app_commands.CommandTree(self)
        self.server = server
        self.events: list[str] = []
        self.tree.add_command(_watch)
        self.tree.add_command(_slow)
        self.tree.add_command(_load)
        self.tree.add_command(_try)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Mute)
        await self.tree.sync()

    def note(self, event: str) -> None:
        self.events.append(event)
        self.server.ring()

    async def on_resumed(self) -> None:
        self.note("resumed")

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.note(f"left {guild.name}")

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        self.note(f"no {channel.name} any more")


class Mute(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"mute:(?P<id>[0-9]+)"):
    """A button that works after a restart."""

    def __init__(self, number: int) -> None:
        super().__init__(discord.ui.Button(label="Mute", custom_id=f"mute:{number}"))
        self.number = number

    @classmethod
    async def from_custom_id(cls, interaction: Any, item: Any, match: Any, /) -> "Mute":
        return cls(int(match["id"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(content=f"muted {self.number}", view=None)


@app_commands.command(name="watch", description="Watch something")
async def _watch(interaction: discord.Interaction, query: str, place: discord.TextChannel | None = None) -> None:
    await interaction.response.send_message(f"{interaction.user} watches {query}", ephemeral=True)
    await interaction.followup.send(f"in {place or interaction.channel}", ephemeral=True)


@_watch.autocomplete("query")
async def _propose(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{current} as a word", value=current)]


@app_commands.command(name="slow", description="Take some time")
@app_commands.default_permissions(manage_guild=True)
@app_commands.guild_only()
async def _slow(interaction: discord.Interaction) -> None:
    await interaction.response.defer()
    await interaction.followup.send("here you are", file=discord.File(__file__, "slow.txt"))


@app_commands.command(name="load", description="Take a file")
async def _load(interaction: discord.Interaction, file: discord.Attachment) -> None:
    await interaction.response.send_message((await file.read()).decode())


@app_commands.context_menu(name="Try")
async def _try(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"of {len(message.embeds)} embeds")


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with await DiscordServer.start() as server:
        yield server
        assert server.violations == []


@asynccontextmanager
async def connected(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    monkeypatch.setattr(Route, "BASE", server.api_url)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))
    async with Client(server) as client, asyncio.TaskGroup() as tasks:
        tasks.create_task(client.start(server.token))
        await server.gateway.connected()
        await client.wait_until_ready()
        yield client
        await client.close()


async def test_a_client_answers_commands_and_buttons(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> None:
    alice, bob = server.person("Alice"), server.person("Bob")
    guild = server.guild("Newsroom", owner=alice)
    room = guild.text("general")
    async with connected(server, monkeypatch):
        assert not server.gateway.asks_for_privileges
        answer = await bob.slash(room, "watch", query="EUMAM", place=room)
        assert "Bob watches EUMAM" in answer or "bob watches EUMAM" in answer
        assert "in general" in await answer.more()
        assert answer.ephemeral
        assert room.received == []
        assert await bob.autocomplete(room, "watch", query="EU") == [("EU as a word", "EU")]
        slow = await alice.slash(room, "slow")
        assert slow.deferred
        assert slow.text == "here you are"
        assert [file.name for file in slow.files] == ["slow.txt"]
        assert "of a file" in await bob.slash(bob.dm, "load", file=File("a.txt", b"of a file"))
        assert "of 0 embeds" in await bob.message_command(bob.say(room, "hello"), "Try")
        with pytest.raises(NotOffered):
            await bob.slash(room, "slow")
        with pytest.raises(NotOffered):
            await alice.slash(alice.dm, "slow")


async def test_a_nonce_is_used_once_and_a_button_changes_its_message(
    server: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = server.person("Alice")
    room = server.guild("Newsroom", owner=alice).text("general")
    async with connected(server, monkeypatch) as client:
        view = discord.ui.View(timeout=None)
        view.add_item(Mute(7))
        given = {
            "content": "@everyone",
            "nonce": "7",
            "allowed_mentions": {"parse": []},
            "components": view.to_components(),
        }
        sent = [await _post(client, room, given | {"enforce_nonce": True}) for _ in range(2)]
        assert sent[0]["id"] == sent[1]["id"]
        alert = await room.next_message()
        assert room.count == 1
        assert not mentions_anyone(alert)
        answer = await alice.press(alert, "Mute")
        assert answer.updated
        assert alert.text == "muted 7"
        assert alert.labels == []


async def test_a_session_is_resumed_and_misses_nothing(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = server.person("Alice")
    guild = server.guild("Newsroom", owner=alice)
    room, other = guild.text("general"), guild.text("other")
    async with connected(server, monkeypatch) as client:
        await server.gateway.drop()
        other.delete()
        assert "EUMAM" in await alice.slash(room, "watch", query="EUMAM")
        assert client.events == ["no other any more", "resumed"]
        assert len(server.gateway.identifies) == len(server.gateway.resumes) == 1
        await server.gateway.reconnect()
        await server.until(lambda: len(server.gateway.resumes) == 2)
        await server.gateway.invalidate()
        await server.until(lambda: len(server.gateway.identifies) == 2)
        guild.remove_bot()
        assert await server.until(lambda: client.events[-1] == "left Newsroom")


async def test_too_many_requests_are_refused_as_discord_refuses_them(
    server: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = server.guild("Newsroom").text("general")
    async with connected(server, monkeypatch) as client:
        for kind in ("flood", "shared", "global"):
            server.fail_next("create_message", kind, retry_after=0.01)
            await _post(client, room, {"content": kind})
        assert server.statuses[429] == 3
        assert server.invalid_requests == 2
        server.fail_next("create_message", "cloudflare_429")
        with pytest.raises(discord.HTTPException, match="429"):
            await _post(client, room, {"content": "no"})
        room.take("send_messages")
        with pytest.raises(discord.Forbidden) as refused:
            await _post(client, room, {"content": "no"})
        assert refused.value.code == 50013


async def _post(client: Client, room: Channel, given: dict[str, Any]) -> Any:
    return await client.http.request(Route("POST", "/channels/{channel_id}/messages", channel_id=room.id), json=given)

"""A plain client of discord.py against the stand-in for Discord."""

import asyncio
import math
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import aiohttp
import pytest
import yarl

from support.discord_schema import command_errors, load, message_errors
from support.discord_server import (
    Channel,
    DiscordServer,
    File,
    Kind,
    Limits,
    NotOffered,
    Received,
    mentions_anyone,
    permission_bits,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord
    from discord import app_commands
    from discord.gateway import DiscordWebSocket
    from discord.http import Route


BUTTON = {"type": 2, "style": 2, "label": "Mute", "custom_id": "mute:1"}
COMMAND = {"name": "watch", "description": "Watch something"}
OPTION = {"type": 3, "name": "query", "description": "What to watch"}


class Client(discord.Client):
    """A client with a few commands."""

    def __init__(self, server: DiscordServer, patience: float = 60.0) -> None:
        super().__init__(intents=discord.Intents(guilds=True), guild_ready_timeout=0, heartbeat_timeout=patience)
        self.tree = app_commands.CommandTree(self)
        self.server = server
        self.events: list[str] = []
        commands: tuple[Any, ...] = (_watch, _slow, _silent, _load, _ask, _try)
        for command in commands:
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Mute)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Without the 5 seconds that discord.py waits before it identifies again."""

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


@app_commands.command(name="silent", description="Say nothing")
async def _silent(interaction: discord.Interaction) -> None: ...


class Form(discord.ui.Modal, title="A question"):
    """A form."""

    answer: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Answer", custom_id="answer")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(self.answer.value, view=Menu(), ephemeral=True)


class Menu(discord.ui.View):
    """A menu."""

    @discord.ui.select(options=[discord.SelectOption(label="Daily", value="1"), discord.SelectOption(label="Weekly")])
    async def choose(self, interaction: discord.Interaction, select: discord.ui.Select[Any]) -> None:
        await interaction.response.edit_message(content=f"chosen: {select.values[0]}", view=None)


@app_commands.command(name="ask", description="Ask something")
@app_commands.allowed_installs(guilds=True, users=True)
async def _ask(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(Form())


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
        assert not server.violations, "\n".join(server.violations)


@asynccontextmanager
async def connected(
    server: DiscordServer, monkeypatch: pytest.MonkeyPatch, patience: float = 60.0
) -> AsyncIterator[Client]:
    monkeypatch.setattr(Route, "BASE", server.api_url)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))
    async with Client(server, patience) as client, asyncio.TaskGroup() as tasks:
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
    server.gateway.heartbeat_interval = 0.02
    async with connected(server, monkeypatch) as client:
        await server.gateway.drop()
        other.delete()
        assert "EUMAM" in await alice.slash(room, "watch", query="EUMAM")
        assert client.events == ["no other any more", "resumed"]
        assert len(server.gateway.identifies) == len(server.gateway.resumes) == 1
        await server.gateway.reconnect()
        assert await server.until(lambda: len(server.gateway.resumes) == 2)
        await server.gateway.invalidate()
        assert await server.until(lambda: len(server.gateway.identifies) == 2)
        guild.remove_bot()
        assert await server.until(lambda: client.events[-1] == "left Newsroom")
        guild.add_bot()
        guild.go_out()
        guild.come_back()
        room.take("send_messages")
        answer = await alice.slash(room, "watch", query="EUMAM")
        assert answer.interaction.as_json()["app_permissions"] == str(room.permissions(server.bot))
        beats = server.gateway.heartbeats
        assert await server.until(lambda: server.gateway.heartbeats > beats)


async def test_a_gateway_that_is_silent_is_left_and_found_again(
    server: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.gateway.acknowledges = False
    async with connected(server, monkeypatch, patience=0.1):
        assert await server.until(lambda: len(server.gateway.resumes) > 1)


async def test_a_bot_is_turned_away_with_a_code(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", server.api_url)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))
    async with Client(server) as client:
        with pytest.raises(discord.LoginFailure):
            await client.start("a wrong token")
    server.gateway.refusals = [4004]
    async with Client(server) as client:
        with pytest.raises(discord.ConnectionClosed) as closed:
            await client.start(server.token)
        assert closed.value.code == 4004
    async with Client(server) as client:
        client._connection._intents.message_content = True
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await client.start(server.token)
    assert server.gateway.asks_for_privileges
    server.gateway.is_out = True
    async with Client(server) as client:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await client.start(server.token, reconnect=False)


async def test_forums_threads_and_direct_messages(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = server.person("Alice")
    guild = server.guild("Newsroom", owner=alice)
    forum = guild.forum("alerts", "EUMAM", "weather", requires_tag=True)
    async with connected(server, monkeypatch) as client:
        seen = client.get_channel(forum.id)
        assert isinstance(seen, discord.ForumChannel)
        embed = discord.Embed(title="EUMAM counts", url="https://news.example/1", description="its graduates")
        with pytest.raises(discord.HTTPException, match="40067"):
            await seen.create_thread(name="EUMAM counts", embed=embed)
        made = await seen.create_thread(name="EUMAM counts", embed=embed, applied_tags=[seen.available_tags[0]])
        post = await forum.next_post()
        assert post.tags == ["EUMAM"]
        assert post.first.text == "EUMAM counts\nits graduates"
        assert [one.id for one in await seen.guild.active_threads()] == [post.id]
        post.archive()
        await made.thread.send("more")  # which opens it again
        assert not post.archived
        post.archive(locked=True)
        with pytest.raises(discord.HTTPException, match="50083"):
            await made.thread.send("more")
        post.delete()
        with pytest.raises(discord.NotFound, match="10003"):
            await made.thread.send("more")

        user = await client.fetch_user(alice.id)
        await user.send("hello")
        assert (await alice.dm.next_message()).content == "hello"
        alice.block()
        with pytest.raises(discord.Forbidden, match="50007"):
            await user.send("hello")


async def test_an_app_of_ones_own_goes_where_the_bot_is_not(
    server: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = server.person("Alice")
    elsewhere = server.guild("Elsewhere", joined=False).text("general")
    async with connected(server, monkeypatch) as client:
        with pytest.raises(NotOffered):
            await alice.slash(elsewhere, "ask")
        alice.install()
        form = await alice.slash(elsewhere, "ask")
        answer = await alice.submit(form, answer="so it is")
        assert answer.text == "so it is"
        chosen = await alice.choose(answer.message, "Daily")
        assert chosen.text == "chosen: 1"
        assert not client.guilds
        with pytest.raises(discord.Forbidden, match="50001"):
            await _post(client, elsewhere, {"content": "no"})


async def test_who_is_not_acknowledged_in_time_gets_no_answer(
    server: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = server.person("Alice")
    server.acknowledgement = 0.05
    async with connected(server, monkeypatch):
        with pytest.raises(AssertionError, match="not acknowledged"):
            await alice.slash(alice.dm, "silent")


async def test_too_many_requests_are_refused_as_discord_refuses_them(
    server: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    guild = server.guild("Newsroom")
    quiet, room = guild.text("quiet"), guild.text("general")
    async with connected(server, monkeypatch) as client:
        for kind in FLOODS:
            server.fail_next("create_message", kind, retry_after=0.01)
            await _post(client, quiet, {"content": kind})
        assert server.statuses[429] == 3
        assert server.invalid_requests == 2  # shared limits do not count
        server.limits = Limits(operations={"create_message": (5, 60.0)})
        async with _asking(server) as session:
            url = f"{server.api_url}/channels/{room.id}/messages"
            answers = [await session.post(url, json={"content": "hello"}) for _ in range(6)]
            assert [answer.status for answer in answers] == [200] * 5 + [429]
            assert answers[4].headers["X-RateLimit-Remaining"] == "0"
            pause = (await answers[5].json())["retry_after"]
            assert 0 < pause <= 60
            assert int(answers[5].headers["Retry-After"]) == math.ceil(pause)


FLOODS: tuple[Kind, ...] = ("flood", "shared", "global")

REFUSALS: dict[Kind, tuple[int, int | None]] = {
    "flood": (429, None),
    "internal_error": (500, 0),
    "unavailable": (503, 0),
    "unauthorized": (401, 0),
    "missing_access": (403, 50001),
    "missing_permissions": (403, 50013),
    "cannot_dm": (403, 50007),
    "unknown_channel": (404, 10003),
    "unknown_message": (404, 10008),
    "too_old_to_edit": (429, 30046),
    "invalid_form": (400, 50035),
    "error": (409, 40333),
    "cloudflare_429": (429, None),
    "bad_gateway_html": (502, None),
    "unavailable_html": (503, None),
}


LOSSES: dict[Kind, int] = {"drop_before": 0, "hang": 0, "drop_after": 1, "hang_after": 2}
"""What brings no answer, and how many messages have come in spite of it."""


async def test_each_refusal_has_its_status_and_code(server: DiscordServer) -> None:
    room = server.guild("Newsroom").text("general")
    url = f"{server.api_url}/channels/{room.id}/messages"
    async with _asking(server) as session:
        for kind, (status, code) in REFUSALS.items():
            server.fail_next("create_message", kind, channel=room, status=409, code=40333)
            async with session.post(url, json={"content": kind}) as answer:
                html = answer.content_type == "text/html"
                assert html == (kind.endswith("_html") or kind == "cloudflare_429")
                assert (answer.status, None if html else (await answer.json()).get("code")) == (status, code)
        assert room.count == 0
        server.fail_next("create_message", "garbage")
        with pytest.raises(ValueError, match="Unterminated"):
            await (await session.post(url, json={"content": "garbage"})).json()
        for kind, count in LOSSES.items():
            server.counts.clear()
            server.fail_next("create_message", kind)
            asking = asyncio.ensure_future(session.post(url, json={"content": kind}))
            assert await server.until(partial(_has_asked, server, room, count))
            if kind.startswith("hang"):
                assert not asking.done()
                asking.cancel()
            else:
                with pytest.raises(aiohttp.ClientError):
                    await asking
        server.invalid_allowed = server.invalid_requests
        async with session.post(url, json={"content": "banned"}) as answer:
            assert (answer.status, answer.content_type) == (429, "text/html")


TOO_MUCH = {
    "content of 2,001 characters": ({"content": "x" * 2001}, "content"),
    "a nonce of 26 characters": ({"content": "x", "nonce": "x" * 26}, "nonce"),
    "11 embeds": ({"embeds": [{"title": "x"}] * 11}, "embeds"),
    "6,001 characters in two embeds": (
        {"embeds": [{"description": "x" * 4096}, {"title": "x" * 256, "footer": {"text": "x" * 1649}}]},
        "embeds",
    ),
    "a title of 257 characters": ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title"),
    "a field without a value": ({"embeds": [{"fields": [{"name": "x", "value": ""}]}]}, "embeds.0.fields.0.value"),
    "26 fields": ({"embeds": [{"fields": [{"name": "x", "value": "x"}] * 26}]}, "embeds.0.fields"),
    "an address that is none": ({"embeds": [{"url": "javascript:1"}]}, "embeds.0.url"),
    "six rows": (
        {"components": [{"type": 1, "components": [BUTTON | {"custom_id": str(n)}]} for n in range(6)]},
        "components",
    ),
    "six buttons": (
        {"components": [{"type": 1, "components": [BUTTON | {"custom_id": str(n)} for n in range(6)]}]},
        "components.0.components",
    ),
    "a label of 81 characters": (
        {"components": [{"type": 1, "components": [BUTTON | {"label": "x" * 81}]}]},
        "components.0.components.0.label",
    ),
    "the same custom id twice": (
        {"components": [{"type": 1, "components": [BUTTON, BUTTON]}]},
        "components.0.components.1.custom_id",
    ),
}


@pytest.mark.parametrize(("body", "where"), TOO_MUCH.values(), ids=TOO_MUCH.keys())
def test_what_is_too_much_for_a_message(body: dict[str, Any], where: str) -> None:
    assert list(message_errors(body)) == [where]


BAD_COMMANDS = {
    "a name in capitals": (COMMAND | {"name": "Watch"}, "0.name"),
    "no description": (COMMAND | {"description": ""}, "0.description"),
    "26 options": (COMMAND | {"options": [OPTION | {"name": f"o{n}"} for n in range(26)]}, "0.options"),
    "a required option after another": (
        COMMAND | {"options": [OPTION, OPTION | {"name": "other", "required": True}]},
        "0.options.1",
    ),
    "choices and proposals": (
        COMMAND | {"options": [OPTION | {"autocomplete": True, "choices": [{"name": "x", "value": "x"}]}]},
        "0.options.0.autocomplete",
    ),
}


@pytest.mark.parametrize(("command", "where"), BAD_COMMANDS.values(), ids=BAD_COMMANDS.keys())
def test_what_is_no_command(command: dict[str, Any], where: str) -> None:
    assert list(command_errors([command])) == [where]


MENTIONS: dict[str, tuple[str, dict[str, Any] | None, bool]] = {
    "everyone, where nothing is said of it": ("@everyone", None, True),
    "everyone, where nobody is to be mentioned": ("@everyone <@7> <@&8>", {"parse": []}, False),
    "a person, where everyone may be": ("<@7>", {"parse": ["everyone"]}, False),
    "a person who is named": ("<@7>", {"users": ["7"]}, True),
    "a role": ("<@&8>", {"parse": ["roles"]}, True),
    "a channel": ("<#9>", None, False),
}


@pytest.mark.parametrize(("content", "allowed", "does"), MENTIONS.values(), ids=MENTIONS.keys())
async def test_whom_a_message_mentions(content: str, allowed: dict[str, Any] | None, does: bool) -> None:
    server = DiscordServer("token")
    room = server.guild("Newsroom").text("general")
    message = Received(1, room, server.bot, content, body={"allowed_mentions": allowed})
    assert mentions_anyone(message) is does


async def test_what_is_said_of_the_bot_itself_outweighs_what_is_said_of_its_role_and_of_everyone() -> None:
    server = DiscordServer("token")
    room = server.guild("Newsroom").text("general")
    send = permission_bits(["send_messages"])
    room.take("send_messages", of="everyone")
    assert not room.permissions(server.bot) & send
    room.give("send_messages", to="role")
    assert room.permissions(server.bot) & send
    room.take("send_messages")
    assert not room.permissions(server.bot) & send
    assert [one["type"] for one in room.as_json()["permission_overwrites"]] == [0, 0, 1]


@pytest.mark.skipif(load().is_empty, reason="the published description is not here")
def test_a_request_that_is_not_as_described_is_noted() -> None:
    schema, path = load(), "/channels/{channel_id}/messages"

    def faults(body: Any, query: dict[str, str] | None = None) -> list[str]:
        return [fault.removeprefix(f"POST {path}: ") for fault in schema.faults("POST", path, query or {}, body)]

    assert faults({"content": "hello", "components": [{"type": 1, "components": [BUTTON]}]}) == []
    assert faults({"text": "hello"}) == ["unknown parameter text"]
    assert faults({"content": 7}) == ["content is not string or null: 7"]
    assert faults({}, {"wait": "true"}) == ["unknown parameter wait"]
    assert faults({"components": [{"type": 1, "components": [{"type": 2}]}]}) == [
        "components.0.components.0.style is missing"
    ]
    assert schema.faults("GET", path, {"limit": "50", "before": "1"}, None) == []
    assert schema.faults("GET", path, {"limit": "101"}, None) == [f"GET {path}: limit is not from 1 to 100: 101"]
    assert schema.faults("POST", "/nowhere", {}, None) == ["POST /nowhere: there is no such method"]


@pytest.mark.skipif(load().is_empty, reason="the published description is not here")
async def test_the_answers_are_as_described_themselves(server: DiscordServer) -> None:
    alice = server.person("Alice")
    guild = server.guild("Newsroom", owner=alice)
    room, forum = guild.text("general"), guild.forum("alerts", "EUMAM")
    numbers = {"application_id": server.bot.id, "guild_id": guild.id, "user_id": alice.id, "channel_id": room.id}
    message = {
        "content": "hello",
        "embeds": [{"title": "x", "fields": [{"name": "also", "value": "y"}], "image": {"url": "https://a.example/b"}}],
        "components": [{"type": 1, "components": [BUTTON]}],
    }
    faults = []
    async with _asking(server) as session:

        async def ask(method: str, path: str, body: Any = None, **other: int) -> Any:
            url = server.api_url + path.format_map(numbers | other)
            async with session.request(method, url, json=body) as answer:
                content = await answer.json() if answer.status != 204 else None
                faults.extend(load().faults_of_answer(method, path, answer.status, content))
                return content

        for path in (
            "/gateway",
            "/gateway/bot",
            "/users/@me",
            "/users/@me/guilds",
            "/users/{user_id}",
            "/oauth2/applications/@me",
            "/applications/@me",
            "/channels/{channel_id}",
            "/guilds/{guild_id}",
            "/guilds/{guild_id}/channels",
            "/guilds/{guild_id}/roles",
            "/guilds/{guild_id}/members/{user_id}",
        ):
            await ask("GET", path)
        await ask("PUT", "/applications/{application_id}/commands", [COMMAND | {"options": [OPTION]}])
        await ask("GET", "/applications/{application_id}/commands")
        direct = await ask("POST", "/users/@me/channels", {"recipient_id": str(alice.id)})
        await ask("GET", "/channels/{channel_id}", channel_id=direct["id"])
        numbers["message_id"] = (await ask("POST", "/channels/{channel_id}/messages", message))["id"]
        await ask("POST", "/channels/{channel_id}/messages/{message_id}/threads", {"name": "more"})
        await ask("PATCH", "/channels/{channel_id}/messages/{message_id}", {"content": "changed"})
        await ask("GET", "/channels/{channel_id}/messages")
        await ask("DELETE", "/channels/{channel_id}/messages/{message_id}")
        numbers["channel_id"] = forum.id
        await ask("GET", "/channels/{channel_id}")
        post = await ask("POST", "/channels/{channel_id}/threads", {"name": "EUMAM", "message": message})
        await ask("GET", "/guilds/{guild_id}/threads/active")
        await ask("PATCH", "/channels/{channel_id}", {"archived": True}, channel_id=post["id"])
        await ask("GET", "/channels/{channel_id}/threads/archived/public")
    # The message within a new post is documented in words.
    assert faults == ["POST /channels/{channel_id}/threads: unknown parameter message"]


def _has_asked(server: DiscordServer, room: Channel, count: int) -> bool:
    return server.counts["create_message"] == 1 and room.count == count


def _asking(server: DiscordServer) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        headers={"Authorization": f"Bot {server.token}", "User-Agent": "DiscordBot (https://tocsin.example, 1)"}
    )


async def _post(client: Client, room: Channel, given: dict[str, Any]) -> Any:
    return await client.http.request(Route("POST", "/channels/{channel_id}/messages", channel_id=room.id), json=given)

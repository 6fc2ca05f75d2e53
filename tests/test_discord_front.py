"""Serving Discord: who is answered, how, in time and to whom; what becomes of it when something fails."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from bot.domain.chats import Address, Button, ChatKind, Message, Outcome, Sent
from bot.domain.rich import Piece, Text, plain, to_plain
from bot.texts import Texts
from handlers.calls import Caller, Document, Entry, Kind, Option, Reply, Suggestion
from handlers.on_discord import DiscordFront
from support.discord_server import Choice, DiscordServer, File, Guild, NotOffered, TextChannel
from support.listening import PATIENCE
from test_telegram_updates import Pacing, QuickClock, eventually


class Script:
    """Answers with what was said; a line in `slow` takes until its event."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.callers: list[Caller] = []
        self.happened: list[tuple[str, ...]] = []
        self.slow: dict[str, asyncio.Event] = {}
        self.documents: list[Document] = []

    async def answer(self, line: str, caller: Caller) -> Reply | None:
        self.callers.append(caller)
        if line in self.slow:
            if caller.progress is not None:
                await caller.progress(plain("half"))
            await self.slow[line].wait()
        self.said.append(line)
        if caller.document is not None:
            self.documents.append(await caller.document())
        match line.split(" ", 1)[0]:
            case "/watch" if line == "/watch buttons":
                rows = tuple(tuple(Button(f"{row}{column}", f"{row}-{column}") for column in range(6)) for row in "ab")
                return Reply(plain("Choose"), rows)
            case "/watch" if line == "/watch nothing":
                return Reply(plain("That cannot be"), for_one=True)
            case "/watch" if not await caller.may_change():
                return Reply(plain("not allowed"), for_one=True)
            case "/list":
                return Reply(_long(200), for_one=True)
            case "/export":
                return Reply(plain("Here"), document=Document("feeds.opml", b"<opml/>"), for_one=True)
            case "/try":
                return Reply(plain(f"{line} about {caller.about}"), for_one=True)
            case "/break":
                raise RuntimeError(line)
        return Reply(plain(f"You said {line}"))

    async def press(self, action: str, caller: Caller) -> Reply | None:
        self.callers.append(caller)
        return Reply(plain(f"{action}: {'done' if await caller.may_change() else 'not allowed'}"))

    async def joined(self, caller: Caller) -> Reply | None:
        raise AssertionError

    async def left(self, address: Address, why: str) -> None:
        self.happened.append(("left", str(address), why))

    async def returned(self, address: Address) -> None:
        self.happened.append(("returned", str(address)))

    async def left_all_but(self, platform: str, servers: Collection[str], why: str) -> None:
        self.happened.append(("left all but", platform, *sorted(servers), why))

    async def may_have_returned(self, address: Address) -> None:
        self.happened.append(("may have returned", str(address)))

    async def moved(self, address: Address, to: str) -> None:
        raise AssertionError

    def menu(self, language: str | None = None) -> tuple[Entry, ...]:
        keywords = Option("keywords", Kind.TEXT, required=True, what="what to watch")
        document = Option("document", Kind.FILE, what="a file")
        return (
            Entry("watch", "set a filter", (keywords,), changes=True),
            Entry("unwatch", "x" * 150, (Option("filter", Kind.FILTER, required=True, what="y" * 150),), changes=True),
            Entry("import", "take in", (document, Option("address", Kind.TEXT, what="where")), changes=True),
            Entry("list", "what there is", (Option("page", Kind.NUMBER, what="which"),), for_one=True),
            Entry("export", "give back", for_one=True),
            Entry("break", "break", for_one=True),
        )

    async def suggest(self, kind: Kind, typed: str, caller: Caller) -> Sequence[Suggestion]:
        return [Suggestion(f"{kind} {typed} " + "ж" * 150, str(number)) for number in range(40)]


def _long(lines: int) -> Text:
    return tuple(Piece(f"{number}. *a* line\n", bold=number % 2 == 0) for number in range(lines))


class Sending:
    """Notes what is sent as a message."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.unauthorized = asyncio.Event()

    async def send(self, address: Address, message: Message) -> Outcome:
        self.sent.append((str(address), to_plain(message.text)))
        return Sent("1")

    async def edit(self, address: Address, message_id: str, message: Message) -> Outcome:
        raise AssertionError

    def units(self, text: Text) -> int:
        return len(to_plain(text))


class House:
    """A stand-in, a front that serves it, and what the front talks to."""

    def __init__(self, server: DiscordServer) -> None:
        self.server = server
        self.script = Script()
        self.sending = Sending()
        self.clock = QuickClock()
        self.alice = server.person("Alice", locale="uk")
        self.bob = server.person("Bob")
        self.guild: Guild = server.guild("Newsroom", owner=self.alice)
        self.room: TextChannel = self.guild.text("general")
        self.front = self.new_front(server.token)

    def new_front(self, token: str, *, names_gateway: bool = True) -> DiscordFront:
        return DiscordFront(
            token,
            self.server.api_url,
            self.server.gateway_url if names_gateway else None,
            answering=self.script,
            turns=Pacing(),
            clock=self.clock,
            say=Texts(),
            sender=self.sending,
        )

    @asynccontextmanager
    async def serving(self, front: DiscordFront | None = None) -> AsyncIterator["asyncio.Task[None]"]:
        async with asyncio.TaskGroup() as group:
            task = group.create_task((front or self.front).serve())
            await self.server.until(lambda: bool(self.server.commands) or task.done(), 5)
            yield task
            task.cancel()

    async def becomes(self, state: str) -> None:
        await eventually(lambda: self.front.state == state)


@pytest_asyncio.fixture
async def house() -> AsyncIterator[House]:
    async with await DiscordServer.start() as server:
        yield House(server)
        assert server.violations == []


# Who is answered, and how.


async def test_a_command_is_the_line_that_is_typed_elsewhere(house: House) -> None:
    async with house.serving():
        answer = await house.alice.slash(house.room, "watch", keywords="EUMAM, NATO")
        await house.alice.slash(house.room, "list", page=2)
        await house.alice.slash(house.room, "import", address="https://example.org/a.opml")
    assert answer.text == "You said /watch EUMAM, NATO"
    assert house.script.said == ["/watch EUMAM, NATO", "/list 2", "/import https://example.org/a.opml"]
    caller = house.script.callers[0]
    assert caller.address == Address("discord", str(house.guild.id), str(house.room.id))
    assert (caller.kind, caller.title, caller.person) == (ChatKind.GROUP, "#general", f"discord:{house.alice.id}")
    assert caller.language == "uk"


async def test_what_concerns_one_person_is_shown_to_that_person_alone(house: House) -> None:
    async with house.serving():
        assert not (await house.alice.slash(house.room, "watch", keywords="EUMAM")).ephemeral
        assert (await house.alice.slash(house.room, "watch", keywords="nothing")).ephemeral
        assert (await house.alice.slash(house.room, "list")).ephemeral
        assert not (await house.alice.slash(house.alice.dm, "list")).ephemeral, "nobody else is there"


async def test_a_long_answer_is_told_in_messages_that_end_with_a_line(house: House) -> None:
    async with house.serving():
        answer = await (await house.alice.slash(house.room, "list")).more(2)
        await eventually(lambda: "199" in answer.text)
    texts = [message.content for message in answer.messages]
    assert all(len(text) <= 2000 for text in texts)
    assert "\n".join(texts).replace("**", "").replace("\\", "").split() == to_plain(_long(200)).split()
    assert answer.ephemeral


async def test_an_answer_that_takes_longer_is_deferred_shows_its_progress_and_comes_in_its_place(house: House) -> None:
    house.script.slow["/watch slow"] = asyncio.Event()
    async with house.serving(), asyncio.TaskGroup() as group:
        asking = group.create_task(house.alice.slash(house.room, "watch", keywords="slow"))
        await house.server.until(lambda: house.server.counts["update_original_webhook_message"] > 0)
        house.script.slow["/watch slow"].set()
        answer = await asking
        await eventually(lambda: answer.text == "You said /watch slow")
    assert answer.deferred
    assert len(answer.messages) == 1


async def test_an_error_after_a_public_deferral_is_still_for_one(house: House) -> None:
    house.script.slow["/watch nothing"] = asyncio.Event()
    async with house.serving(), asyncio.TaskGroup() as group:
        asking = group.create_task(house.alice.slash(house.room, "watch", keywords="nothing"))
        await house.server.until(lambda: house.server.counts["update_original_webhook_message"] > 0)
        house.script.slow["/watch nothing"].set()
        answer = await asking
        await eventually(lambda: answer.text == "That cannot be")
    assert answer.ephemeral


async def test_what_is_said_in_a_chat_is_answered_in_its_order_and_other_chats_do_not_wait(house: House) -> None:
    house.script.slow["/watch slow"] = asyncio.Event()
    other = house.guild.text("other")
    async with house.serving(), asyncio.TaskGroup() as group:
        first = group.create_task(house.alice.slash(house.room, "watch", keywords="slow"))
        await eventually(lambda: bool(house.script.callers))
        second = group.create_task(house.alice.slash(house.room, "watch", keywords="second"))
        assert "third" in await house.alice.slash(other, "watch", keywords="third")
        house.script.slow["/watch slow"].set()
        await asyncio.gather(first, second)
    assert house.script.said == ["/watch third", "/watch slow", "/watch second"]


async def test_buttons_name_actions_and_are_pressed_by_who_may(house: House) -> None:
    async with house.serving():
        answer = await house.alice.slash(house.room, "watch", keywords="buttons")
        assert [len(row) for row in answer.message.buttons] == [5, 1, 5, 1]
        pressed = await house.alice.press(answer.message, "a5")
        assert pressed.text == "a-5: done"
        assert (await house.bob.press(answer.message, "b0")).text == "b-0: not allowed"


async def test_a_file_comes_with_the_answer_and_one_that_was_sent_is_fetched(house: House) -> None:
    async with house.serving():
        answer = await house.alice.slash(house.room, "export")
        await house.alice.slash(house.room, "import", document=File("mine.opml", b"<opml>mine</opml>"))
    assert answer.files == [File("feeds.opml", b"<opml/>")]
    assert house.script.documents == [Document("mine.opml", b"<opml>mine</opml>")]
    assert house.script.said == ["/export", "/import"]


async def test_while_one_types_what_fits_is_proposed(house: House) -> None:
    async with house.serving():
        choices = await house.alice.autocomplete(house.room, "unwatch", filter="EU")
    assert len(choices) == 25
    assert choices[0].name.startswith("filter EU жж")
    assert isinstance(choices[0], Choice)
    assert len(choices[0].name) == 100


async def test_a_message_of_ours_is_asked_about(house: House) -> None:
    async with house.serving():
        answer = await house.alice.slash(house.room, "watch", keywords="EUMAM")
        why = await house.bob.message_command(answer.message, "Why this alert?")
    assert why.text == f"/try about {answer.message.id}"
    assert why.ephemeral


# Where.


async def test_each_place_is_a_chat_of_its_own(house: House) -> None:
    news, forum = house.guild.news("wire"), house.guild.forum("events")
    post, thread = forum.thread("An event"), house.room.thread("Talk")
    async with house.serving():
        for place in (house.alice.dm, news, post, thread):
            await house.alice.slash(place, "list")
    guild = str(house.guild.id)
    assert [(caller.address, caller.kind) for caller in house.script.callers] == [
        (Address("discord", str(house.alice.dm.id)), ChatKind.PRIVATE),
        (Address("discord", guild, str(news.id)), ChatKind.CHANNEL),
        (Address("discord", guild, str(post.id)), ChatKind.GROUP),
        (Address("discord", guild, str(thread.id)), ChatKind.GROUP),
    ]


async def test_another_channel_and_a_forum_are_subscribed_from_where_one_is(house: House) -> None:
    forum = house.guild.forum("events")
    async with house.serving():
        answer = await house.alice.slash(house.room, "watch", keywords="buttons", channel=forum)
        there = Address("discord", str(house.guild.id), str(forum.id))
        assert (house.script.callers[-1].address, house.script.callers[-1].title) == (there, "#events")
        assert (await house.alice.press(answer.message, "a0")).text == "a-0: done"
        assert house.script.callers[-1].address == there
        await house.alice.autocomplete(house.room, "unwatch", focused="filter", filter="", channel=forum)


async def test_who_manages_one_channel_manages_no_other(house: House) -> None:
    forum = house.guild.forum("events")
    house.room.give("manage_channels", to=house.bob)
    async with house.serving():
        assert "You said" in await house.bob.slash(house.room, "watch", keywords="EUMAM")
        assert (await house.bob.slash(house.room, "watch", keywords="EUMAM", channel=forum)).text == "not allowed"
        answer = await house.alice.slash(house.room, "watch", keywords="buttons", channel=forum)
        assert (await house.bob.press(answer.message, "a0")).text == "a-0: not allowed"


async def test_who_uses_it_in_a_server_that_it_is_not_in_is_served_in_direct_messages(house: House) -> None:
    elsewhere = house.server.guild("Elsewhere", joined=False).text("general")
    house.bob.install()
    async with house.serving():
        answer = await house.bob.slash(elsewhere, "watch", keywords="EUMAM")
        assert answer.text.startswith("I am not in this server, so this is about your direct messages with me")
        assert answer.text.endswith("You said /watch EUMAM")
        assert answer.ephemeral
        assert house.script.callers[0].address == Address("discord", str(house.bob.dm.id))
        house.server.fail_next("create_dm", "error", status=403, code=50007, message="Cannot send messages")
        answer = await house.bob.slash(elsewhere, "watch", keywords="EUMAM")
        assert "cannot open direct messages with you" in answer


async def test_in_a_post_of_its_own_it_is_the_forum_that_is_spoken_about(house: House) -> None:
    forum = house.guild.forum("events")
    post = forum.thread("An event", owner=house.server.bot)
    told = house.server.bot.say(post, "EUMAM moves")
    forum.give("manage_channels", to=house.bob)
    async with house.serving():
        assert "You said" in await house.bob.slash(post, "watch", keywords="EUMAM")
        answer = await house.bob.slash(post, "watch", keywords="buttons")
        assert (await house.bob.press(answer.message, "a0")).text == "a-0: done"
        assert f"about {post.id}/{told.id}" in await house.bob.message_command(told, "Why this alert?")
    there = Address("discord", str(house.guild.id), str(forum.id))
    assert {caller.address for caller in house.script.callers} == {there}


# Rights.


async def test_what_changes_things_is_offered_to_who_manages_channels_and_looking_to_everyone(house: House) -> None:
    carol = house.server.person("Carol")
    house.guild.grant(carol, "manage_channels")
    async with house.serving():
        with pytest.raises(NotOffered):
            await house.bob.slash(house.room, "watch", keywords="EUMAM")
        assert " line" in await house.bob.slash(house.room, "list")
        assert "You said" in await house.alice.slash(house.room, "watch", keywords="EUMAM")
        assert "You said" in await house.bob.slash(house.bob.dm, "watch", keywords="EUMAM")
        assert "You said" in await carol.slash(house.room, "watch", keywords="EUMAM")


async def test_administrators_say_in_discord_who_else_may(house: House) -> None:
    async with house.serving():
        house.guild.adjust("watch", house.bob)
        assert "You said" in await house.bob.slash(house.room, "watch", keywords="EUMAM")


async def test_what_the_bot_may_not_is_said_where_a_channel_is_subscribed(house: House) -> None:
    thread = house.room.thread("Talk")
    async with house.serving():
        house.room.take("embed_links", "send_messages", "send_messages_in_threads")
        answer = await house.alice.slash(house.room, "watch", keywords="EUMAM")
        assert "I lack Send Messages, Embed Links. Grant it" in answer
        answer = await house.alice.slash(thread, "watch", keywords="EUMAM")
        assert "I lack Send Messages in Threads, Embed Links." in answer
        house.room.give("embed_links", "send_messages")
        assert (await house.alice.slash(house.room, "watch", keywords="EUMAM")).text == "You said /watch EUMAM"


async def test_what_the_bot_may_not_in_another_channel_is_found_out(house: House) -> None:
    forum, hidden, thread = house.guild.forum("events"), house.guild.text("hidden"), house.room.thread("Talk")
    forum.take("send_messages", "send_messages_in_threads")
    hidden.take("view_channel")
    house.room.take("read_message_history")
    async with house.serving():
        for place, lacking in (
            (forum, "I lack Send Messages, Send Messages in Threads. Grant"),
            (hidden, "I lack View Channel"),
            (thread, "I lack Read Message History. Grant"),
        ):
            answer = await house.alice.slash(house.guild.text("elsewhere"), "watch", keywords="EUMAM", channel=place)
            assert lacking in answer
        assert house.server.invalid_requests <= 1
        forum.give("send_messages", "send_messages_in_threads")
        answer = await house.alice.slash(house.room, "watch", keywords="EUMAM", channel=forum)
        assert answer.text == "You said /watch EUMAM"


# Comings and goings.


async def test_servers_channels_and_threads_that_go_and_servers_that_come_are_told(house: House) -> None:
    other, thread = house.guild.text("other"), house.room.thread("Talk")
    guild = f"discord:{house.guild.id}"
    async with house.serving():
        await eventually(lambda: bool(house.script.happened))
        thread.delete()
        other.delete()
        house.guild.go_out()
        house.guild.come_back()
        house.guild.remove_bot()
        house.guild.add_bot()
        await eventually(lambda: len(house.script.happened) == 6)
    assert house.script.happened == [
        ("left all but", "discord", str(house.guild.id), "removed"),  # at the start, for it may have been left
        ("returned", guild),  # or have been left and come back
        ("left", f"{guild}:{thread.id}", "topic-deleted"),
        ("left", f"{guild}:{other.id}", "topic-deleted"),
        ("left", guild, "removed"),
        ("returned", guild),
    ]
    assert house.room.count == 0, "nothing is said unasked"


async def test_what_may_let_messages_through_again_is_told(house: House) -> None:
    thread = house.room.thread("Talk")
    guild = f"discord:{house.guild.id}"
    async with house.serving():
        await eventually(lambda: len(house.script.happened) == 2)
        house.script.happened.clear()
        house.room.take("send_messages")
        thread.archive(locked=True)
        thread.reopen()
        house.guild.give("send_messages")
        house.guild.promote("send_messages")
        house.guild._tell("GUILD_MEMBER_UPDATE", house.guild.member_json(house.bob) | {"guild_id": str(house.guild.id)})
        house.room.delete()
        await eventually(lambda: ("left", f"{guild}:{house.room.id}", "topic-deleted") in house.script.happened)
    assert [what for what in house.script.happened if what[0] == "may have returned"] == [
        ("may have returned", f"{guild}:{house.room.id}"),
        ("may have returned", f"{guild}:{thread.id}"),  # once: not when it was closed
        ("may have returned", guild),  # for each role that changes
        ("may have returned", guild),
        ("may have returned", guild),  # for our own membership, and nobody else's
    ]


# What fails.


async def test_a_connection_that_breaks_is_resumed_and_nothing_is_missed(house: House) -> None:
    async with house.serving():
        await house.server.gateway.drop()
        assert "You said" in await house.alice.slash(house.room, "watch", keywords="EUMAM")
        await house.server.gateway.reconnect()
        await eventually(lambda: len(house.server.gateway.resumes) == 2)
        assert "You said" in await house.alice.slash(house.room, "watch", keywords="EUMAM")
        assert house.front.state == "serving"
    assert len(house.server.gateway.identifies) == 1


async def test_a_session_that_is_over_begins_anew(house: House) -> None:
    async with house.serving():
        await house.server.gateway.invalidate()
        await eventually(lambda: len(house.server.gateway.identifies) == 2)
        assert "You said" in await house.alice.slash(house.room, "watch", keywords="EUMAM")


async def test_an_outage_is_named_once_and_served_through(house: House, caplog: pytest.LogCaptureFixture) -> None:
    async with house.serving():
        await house.server.down()
        await house.becomes("offline")
        await house.server.up()
        await house.becomes("serving")
        assert "You said" in await house.alice.slash(house.room, "watch", keywords="EUMAM")
    assert sum("cannot be reached" in record.getMessage() for record in caplog.records) == 1
    assert all(record.exc_info is None for record in caplog.records)


@pytest.mark.parametrize("named", [True, False], ids=["at the gateway", "by the API"])
async def test_a_wrong_token_ends_the_front_and_is_named(
    house: House, caplog: pytest.LogCaptureFixture, *, named: bool
) -> None:
    wrong = "MTEw.another.token"
    front = house.new_front(wrong, names_gateway=named)
    async with asyncio.timeout(PATIENCE):
        await front.serve()
    assert front.state == "unauthorized"
    assert "set DISCORD_BOT_TOKEN" in caplog.text
    assert wrong not in caplog.text


async def test_a_token_that_is_refused_while_it_serves_ends_the_front(house: House) -> None:
    async with house.serving() as task:
        house.sending.unauthorized.set()  # amid an outage, perhaps
        assert "You said" in await house.alice.slash(house.room, "watch", keywords="EUMAM")
        assert house.front.state == "serving"
        house.server.fail_next("get_my_user", "unauthorized")
        house.sending.unauthorized.set()
        await eventually(task.done)
    assert house.front.state == "unauthorized"


async def test_intents_that_are_refused_end_the_front(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.server.gateway.refusals = [4014]
    async with asyncio.timeout(PATIENCE):
        await house.front.serve()
    assert house.front.state == "refused"
    assert "refuses the connection for good" in caplog.text


async def test_it_asks_for_servers_only(house: House) -> None:
    async with house.serving():
        await house.server.gateway.connected()
    assert house.server.gateway.intents == 1


async def test_commands_are_told_once_and_again_only_when_they_change(house: House) -> None:
    async with house.serving():
        pass
    async with house.serving(house.new_front(house.server.token)):
        await eventually(lambda: house.server.counts["list_application_commands"] == 2)
        assert " line" in await house.alice.slash(house.room, "list")
    assert house.server.counts["bulk_set_application_commands"] == 1
    house.server.commands[0]["description"] = "something else"
    async with house.serving(house.new_front(house.server.token)):
        await eventually(lambda: house.server.counts["bulk_set_application_commands"] == 2)


async def test_an_acknowledgement_that_fails_is_tried_again_and_one_that_was_lost_counts(house: House) -> None:
    async with house.serving():
        house.server.fail_next("create_interaction_response", "bad_gateway_html")
        assert "You said" in await house.alice.slash(house.room, "watch", keywords="EUMAM")
        house.server.fail_next("create_interaction_response", "drop_after")
        assert "You said" in await house.alice.slash(house.room, "watch", keywords="EUMAM")
    assert house.script.said == ["/watch EUMAM"] * 2


async def test_what_comes_too_late_is_said_to_the_chat_unless_it_concerns_one(house: House) -> None:
    async with house.serving():
        house.server.fail_next(
            "create_interaction_response", "error", 2, status=404, code=10062, message="Unknown interaction"
        )
        await house.alice._command(house.room, "list", {})
        await house.alice._command(house.room, "watch", {"keywords": "EUMAM"})
        await eventually(lambda: bool(house.sending.sent))
        assert house.script.said == ["/list", "/watch EUMAM"]
    assert house.sending.sent == [(f"discord:{house.guild.id}:{house.room.id}", "You said /watch EUMAM")]


async def test_an_answer_after_fifteen_minutes_is_said_to_the_chat(house: House) -> None:
    house.script.slow["/watch slow"] = asyncio.Event()
    async with house.serving(), asyncio.TaskGroup() as group:
        asking = group.create_task(house.alice.slash(house.room, "watch", keywords="slow"))
        await house.server.until(lambda: house.server.counts["update_original_webhook_message"] > 0)
        for interaction in house.server.interactions.values():
            interaction.expired = True
        house.script.slow["/watch slow"].set()
        await eventually(lambda: bool(house.sending.sent))
        asking.cancel()
    assert [text for _, text in house.sending.sent] == ["You said /watch slow"]


async def test_a_fault_in_one_is_logged_and_the_next_is_answered(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async with house.serving():
        house.server.gateway.dispatch("INTERACTION_CREATE", {"id": "of an unknown shape"})
        await house.alice._command(house.room, "break", {})
        assert "You said" in await house.alice.slash(house.room, "watch", keywords="EUMAM")
    told = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert any("cannot be read, it is skipped" in one for one in told)
    assert any("RuntimeError: /break" in one for one in told)
    assert not any(token in one for token in house.server.interactions for one in told)


async def test_told_to_stop_it_finishes_what_is_in_hand(house: House) -> None:
    house.script.slow["/watch slow"] = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(house.front.serve())
        await house.server.until(lambda: bool(house.server.commands))
        asking = group.create_task(house.alice.slash(house.room, "watch", keywords="slow"))
        await eventually(lambda: bool(house.script.callers))
        serving.cancel()
        await asyncio.sleep(0.05)
        house.script.slow["/watch slow"].set()
        answer = await asking
        await eventually(lambda: answer.text == "You said /watch slow")

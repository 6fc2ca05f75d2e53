"""Serving Telegram: who is answered and how, in which order, and what becomes of updates when something fails."""

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.chats import Address, Button, ChatKind, Message
from bot.domain.rich import Piece, plain
from bot.ports.sending import Urgency
from bot.ports.store import StoreFailed
from handlers import calls
from handlers.calls import Caller, Entry, Reply, Suggestion
from handlers.on_telegram import TelegramFront, TelegramSender
from handlers.on_telegram.ledger import Ledger
from storage.chats import ChatStore
from support.listening import PATIENCE
from support.telegram_server import Kind, PrivateChat, TelegramServer
from support.world import World


class QuickClock:
    """The time of day; whoever sleeps is woken so many times earlier."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.quickly = 50

    def now(self) -> float:
        return time.time() + self.ahead

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.quickly)


class Pacing:
    """Everybody's turn is now; who was held, and how urgent it was, is noted."""

    def __init__(self) -> None:
        self.turns: list[tuple[str, Urgency]] = []
        self.held: list[tuple[str, float]] = []

    async def turn(self, address: Address, urgency: Urgency) -> None:
        self.turns.append((str(address), urgency))

    def hold(self, address: Address, seconds: float, *, everybody: bool | None = None) -> None:
        self.held.append((str(address), seconds))

    def lane(self, address: Address) -> Address:
        return address

    def closed(self) -> float:
        return 0.0

    def pause(self, address: Address) -> float:
        return 0.0


class Script:
    """Answers with what was said; a line in `slow` takes until its event, one in `broken` raises."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.callers: list[Caller] = []
        self.happened: list[tuple[str, ...]] = []
        self.slow: dict[str, asyncio.Event] = {}
        self.begun = asyncio.Event()
        self.broken: Exception | None = None

    async def answer(self, line: str, caller: Caller) -> Reply | None:
        self.callers.append(caller)
        self.begun.set()
        if line in self.slow:
            await self.slow[line].wait()
        self.said.append(line)
        match line:
            case "/silence":
                return None
            case "/break" if self.broken:
                raise self.broken
            case "/buttons":
                return Reply(plain("Choose"), ((Button("Mute", "mute-1"),),))
            case "/bold":
                return Reply((Piece("<bold>", bold=True),))
            case "/change":
                return Reply(plain("changed" if await caller.may_change() else "not allowed"))
        return Reply(plain(f"You said {line}"))

    async def press(self, action: str, caller: Caller) -> Reply | None:
        self.callers.append(caller)
        return Reply(plain(f"{action}: {'done' if await caller.may_change() else 'not allowed'}"))

    async def joined(self, caller: Caller) -> Reply | None:
        self.callers.append(caller)
        self.happened.append(("joined", str(caller.address)))
        return Reply(plain("Hello everybody"))

    async def left(self, address: Address, why: str) -> None:
        self.happened.append(("left", str(address), why))

    async def returned(self, address: Address) -> None:
        self.happened.append(("returned", str(address)))

    async def left_all_but(self, platform: str, servers: Collection[str], why: str) -> None:
        raise AssertionError

    async def may_have_returned(self, address: Address) -> None:
        raise AssertionError

    async def moved(self, address: Address, to: str) -> None:
        self.happened.append(("moved", str(address), to))

    def menu(self, language: str | None = None) -> tuple[Entry, ...]:
        return (
            Entry("Watch", "set a filter " + "x" * 300),
            Entry("help", "what there is"),
            Entry("hidden", ""),
            Entry("claim", "for who knows", listed=False),
        )

    async def suggest(self, kind: calls.Kind, typed: str, caller: Caller) -> list[Suggestion]:
        return []


class House:
    """A stand-in, a front that serves it, and what the front talks to."""

    def __init__(self, server: TelegramServer) -> None:
        self.server = server
        self.script = Script()
        self.pacing = Pacing()
        self.clock = QuickClock()
        self.front = self.new_front(server.token)

    def new_front(self, token: str, **options: Any) -> TelegramFront:
        return TelegramFront(
            token, self.server.url, answering=self.script, turns=self.pacing, clock=self.clock, **options
        )

    @asynccontextmanager
    async def serving(self, front: TelegramFront | None = None) -> AsyncIterator["asyncio.Task[None]"]:
        async with asyncio.TaskGroup() as group:
            task = group.create_task((front or self.front).serve())
            yield task
            task.cancel()

    async def becomes(self, state: str) -> None:
        await eventually(lambda: self.front.state == state)


async def eventually(condition: Callable[[], bool], within: float = PATIENCE) -> None:
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110 - what is waited for is in code that knows of no events
            await asyncio.sleep(0.01)


@pytest_asyncio.fixture
async def house() -> AsyncIterator[House]:
    async with await TelegramServer.start() as server:
        house = House(server)
        yield house
        assert server.violations == []
        await house.front.sender.close()


@pytest.fixture
def chat(house: House) -> PrivateChat:
    return house.server.private(house.server.person("Alice", language="en"))


# Who is answered.


async def test_a_person_is_answered_in_private(house: House, chat: PrivateChat) -> None:
    async with house.serving():
        assert await chat.say("/watch EUMAM") == "You said /watch EUMAM"
        assert await chat.say("https://example.org/feed") == "You said https://example.org/feed"
        assert await chat.say("/silence") == ""
        assert await chat.say("/change") == "changed"

    caller = house.script.callers[0]
    assert (caller.address, caller.kind) == (Address("telegram", str(chat.id)), ChatKind.PRIVATE)
    assert (caller.title, caller.person, caller.language) == ("Alice", f"telegram:{chat.person.id}", "en")
    assert house.pacing.turns[0] == (f"telegram:{chat.id}", Urgency.ANSWER)
    assert house.server.counts["getChatMember"] == 0


async def test_a_caption_is_read_as_a_text_is(house: House, chat: PrivateChat) -> None:
    async with house.serving():
        photo = chat.message(chat.person, caption="/watch EUMAM")
        assert await chat.answered(house.server.push("message", photo)) == "You said /watch EUMAM"


async def test_in_a_group_only_commands_to_us_are_heard(house: House) -> None:
    bob = house.server.person("Bob")
    group = house.server.group("Newsroom")
    async with house.serving():
        assert await group.say(bob, "good morning") == ""
        assert await group.say(bob, "/watch@other_bot EUMAM") == ""
        assert await group.say(bob, "/r/worldnews is down") == ""
        assert await group.say(bob, "/watch@Tocsin_Bot EUMAM") == "You said /watch EUMAM"
        assert await group.say(bob, "/list") == "You said /list"

    asked = [call for call in house.server.calls if call.method == "sendMessage"]
    assert all("reply_parameters" in call.parameters for call in asked)
    assert (house.script.callers[0].kind, house.script.callers[0].title) == (ChatKind.GROUP, "Newsroom")


async def test_in_a_group_administrators_change_things_and_others_look(house: House) -> None:
    alice, bob, eve = (house.server.person(name) for name in ("Alice", "Bob", "Eve"))
    group = house.server.group("Newsroom", admins=[alice, bob])
    async with house.serving():
        assert await group.say(alice, "/change") == "changed"
        assert await group.say(bob, "/change") == "changed"
        assert await group.say(eve, "/change") == "not allowed"
        assert await group.say(eve, "/list") == "You said /list"


async def test_an_anonymous_administrator_is_nobody_who_may_change_things(house: House) -> None:
    group = house.server.group("Newsroom")
    async with house.serving():
        assert await group.say_anonymously("/change") == "changed"
    assert house.script.callers[0].person is None


async def test_one_who_speaks_as_some_channel_may_not_change_things(house: House) -> None:
    group, channel = house.server.group("Newsroom"), house.server.channel("Elsewhere")
    async with house.serving():
        message = group.message(None, "/change", sender_chat=channel.as_json())
        assert await group.answered(house.server.push("message", message)) == "not allowed"


async def test_rights_are_kept_for_a_minute_at_most_and_none_are_given_when_in_doubt(house: House) -> None:
    alice, bob = house.server.person("Alice"), house.server.person("Bob")
    group = house.server.group("Newsroom", admins=[alice])
    async with house.serving():
        await group.say(alice, "/change")
        group.admins.clear()
        assert await group.say(alice, "/change") == "changed"
        house.clock.ahead += 61
        assert await group.say(alice, "/change") == "not allowed"
        house.server.fail_next("getChatMember", "internal_error")
        assert await group.say(bob, "/change") == "not allowed"
    assert house.server.counts["getChatMember"] == 3


async def test_a_channels_post_changes_things_and_other_posts_are_left_alone(house: House) -> None:
    channel = house.server.channel("The wire")
    async with house.serving():
        assert await channel.say("Breaking: something happened") == ""
        assert await channel.say("/change") == "changed"
    assert (house.script.callers[0].person, house.script.callers[0].kind) == (None, ChatKind.CHANNEL)


async def test_a_reader_of_a_channel_cannot_change_things_by_its_buttons(house: House) -> None:
    channel = house.server.channel("The wire")
    async with house.serving():
        await channel.say("/buttons")
        assert await channel.press(house.server.person("Eve"), "Mute") == "mute-1: not allowed"


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param(
            {"is_automatic_forward": True, "sender_chat": {"id": -5, "type": "channel"}}, id="a channel's copy"
        ),
        pytest.param({"from": {"id": 5, "is_bot": True, "first_name": "Robot"}}, id="another bot"),
        pytest.param({"text": None, "new_chat_title": "Other news"}, id="a service message"),
    ],
)
async def test_what_nobody_said_to_us_is_left_alone(house: House, fields: dict[str, Any]) -> None:
    bob, group = house.server.person("Bob"), house.server.group("Newsroom")
    async with house.serving():
        message = group.message(bob, "/list") | fields
        assert await group.answered(house.server.push("message", message)) == ""
    assert house.script.callers == []


async def test_edited_messages_and_unknown_kinds_are_acknowledged_and_ignored(house: House, chat: PrivateChat) -> None:
    house.server.push("edited_message", chat.message(chat.person, "/edited", edit_date=1))
    house.server.push("something_new", {"id": 1})
    house.server.push("message", {"message_id": "of an unknown shape"})
    async with house.serving():
        assert await chat.say("/list") == "You said /list"
        await eventually(lambda: not house.server.waiting)
    assert house.script.said == ["/list"]


async def test_a_topic_is_a_chat_of_its_own(house: House) -> None:
    bob, group = house.server.person("Bob"), house.server.group("Newsroom")
    topic = group.topic()
    async with house.serving():
        assert await topic.say(bob, "/buttons") == "Choose"
        assert await topic.press(bob, "Mute") == "mute-1: not allowed"
        assert await group.say(bob, "/list") == "You said /list"
        reply = group.message(bob, "/reply", message_thread_id=17)
        assert await group.answered(house.server.push("message", reply)) == "You said /reply"

    topics = [caller.address.topic for caller in house.script.callers]
    assert topics == [str(topic.id), str(topic.id), "", ""]


async def test_a_button_is_pressed_and_stops_spinning(house: House, chat: PrivateChat) -> None:
    async with house.serving():
        await chat.say("/buttons")
        assert await chat.press("Mute") == "mute-1: done"
        house.server.fail_next("answerCallbackQuery", "rejected", description="Bad Request: query is too old")
        assert await chat.press("Mute") == "mute-1: done"
    assert house.server.counts["answerCallbackQuery"] == 2


async def test_a_press_on_a_message_that_is_no_more_is_acknowledged_and_ignored(
    house: House, chat: PrivateChat
) -> None:
    query = {"id": "1", "from": chat.person.as_json(), "chat_instance": "1", "data": "mute-1"}
    async with house.serving():
        assert await chat.answered(house.server.push("callback_query", query)) == ""
    assert house.script.callers == []


async def test_comings_and_goings_are_told(house: House, chat: PrivateChat) -> None:
    alice = house.server.person("Alice", language="uk")
    group, channel = house.server.group("Newsroom", admins=[alice]), house.server.channel("The wire")
    async with house.serving():
        assert await group.answered(group.add_bot(alice)) == "Hello everybody"
        assert await channel.answered(channel.add_bot(alice)) == "Hello everybody"
        await group.answered(group.remove_bot(alice))
        await chat.answered(chat.block())
        await chat.answered(chat.unblock())

    assert house.script.callers[0].person == f"telegram:{alice.id}"
    assert house.script.happened == [
        ("joined", f"telegram:{group.id}"),
        ("joined", f"telegram:{channel.id}"),
        ("left", f"telegram:{group.id}", "kicked"),
        ("left", f"telegram:{chat.id}", "blocked"),
        ("returned", f"telegram:{chat.id}"),
    ]


@pytest.mark.parametrize(
    ("kind", "old", "new", "rights", "told"),
    [
        pytest.param("channel", "administrator", "administrator", {"can_post_messages": True}, "returned", id="posts"),
        pytest.param("channel", "administrator", "administrator", {"can_post_messages": False}, "", id="no posts"),
        pytest.param("channel", "administrator", "member", {}, "", id="only reads a channel"),
        pytest.param("group", "administrator", "administrator", {"can_pin_messages": True}, "returned", id="pins too"),
        pytest.param("group", "restricted", "member", {}, "returned", id="is restricted no more"),
        pytest.param("group", "restricted", "restricted", {"can_send_messages": True}, "returned", id="may send"),
        pytest.param("group", "restricted", "restricted", {"can_send_messages": False}, "", id="may not send"),
        pytest.param("group", "restricted", "restricted", {"is_member": False}, "left", id="restricted and out"),
        pytest.param("group", "member", "administrator", {}, "returned", id="is above a group's permissions"),
        pytest.param("group", "kicked", "administrator", {}, "joined", id="joins"),
        pytest.param("group", "kicked", "left", {}, "", id="is forgiven, but out"),
    ],
)
async def test_rights_that_are_given_back_are_told(
    kind: str, old: str, new: str, rights: dict[str, bool], told: str, house: House
) -> None:
    alice = house.server.person("Alice")
    place = house.server.channel("The wire") if kind == "channel" else house.server.group("Newsroom", admins=[alice])
    async with house.serving():
        await place.answered(place.membership(alice.as_json(), old, new, **rights))
    assert [happened[:2] for happened in house.script.happened] == ([(told, f"telegram:{place.id}")] if told else [])


async def test_a_topic_that_is_reopened_is_told(house: House) -> None:
    alice = house.server.person("Alice")
    group = house.server.group("Newsroom", admins=[alice])
    topic = group.topic()
    async with house.serving():
        topic.close()
        await group.answered(topic.reopen(alice))
    assert house.script.happened == [("returned", str(Address("telegram", str(group.id), str(topic.id))))]


async def test_who_unblocks_the_bot_gets_what_was_held_without_a_word(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        alice = await world.watching("Alice", feed, "EUMAM")
        await alice.answered(alice.block())
        feed.publish(title="EUMAM moves")
        await eventually(lambda: world.rows("SELECT count(*) FROM alerts WHERE state = 'due'") == [(1,)])
        alice.unblock()
        assert "EUMAM moves" in (await alice.next_message()).text


async def test_a_return_that_cannot_be_stored_is_one_line_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(*_: object) -> None:
        raise StoreFailed("disk full")

    async with World.opened(tmp_path) as world:
        alice = world.private("Alice")
        await alice.say("/status")
        monkeypatch.setattr(ChatStore, "returned", fails)
        await alice.answered(alice.unblock())
    (line,) = [record for record in caplog.records if "disk full" in record.getMessage()]
    assert line.getMessage().startswith(f"telegram:{alice.id} takes messages again")
    assert line.exc_info is None


async def test_a_group_that_moved_is_told_by_its_old_and_its_new_name(house: House) -> None:
    bob, group = house.server.person("Bob"), house.server.group("Newsroom")
    old = group.id
    async with house.serving():
        new = group.migrate()
        assert await group.say(bob, "/list") == "You said /list"
        await eventually(lambda: not house.server.waiting)
    assert set(house.script.happened) == {("moved", f"telegram:{old}", str(new))}


# How an answer gets there.


async def test_an_answer_waits_when_telegram_asks_for_a_pause(house: House, chat: PrivateChat) -> None:
    house.server.fail_next("sendMessage", "flood", 2, retry_after=3)
    async with house.serving():
        assert await chat.say("/list") == "You said /list"
    assert house.pacing.held == [(f"telegram:{chat.id}", 3.0)] * 2


@pytest.mark.parametrize(
    ("times", "retry_after", "sent"),
    [pytest.param(math.inf, 3, 4, id="again and again"), pytest.param(1, 90, 1, id="for more than a minute")],
)
async def test_an_answer_is_given_up_when_the_pauses_do_not_end(
    times: float, retry_after: int, sent: int, house: House, chat: PrivateChat
) -> None:
    house.server.fail_next("sendMessage", "flood", times, retry_after=retry_after)
    async with house.serving():
        assert await chat.say("/list") == ""
    assert house.server.counts["sendMessage"] == sent


async def test_an_answer_that_is_rejected_comes_without_formatting_once(house: House, chat: PrivateChat) -> None:
    async with house.serving():
        house.server.fail_next("sendMessage", "rejected")
        assert await chat.say("/bold") == "<bold>"
        assert chat.received[0].bold == []
        house.server.fail_next("sendMessage", "rejected", 2)
        assert await chat.say("/bold") == ""


@pytest.mark.parametrize(
    ("failures", "answer"), [pytest.param(2, "You said /list", id="twice"), pytest.param(3, "", id="thrice")]
)
async def test_an_answer_is_tried_again_twice_when_telegram_fails(
    failures: int, answer: str, house: House, chat: PrivateChat
) -> None:
    house.server.fail_next("sendMessage", "bad_gateway_html", failures)
    async with house.serving():
        assert await chat.say("/list") == answer


async def test_an_answer_follows_a_group_that_moved_meanwhile(house: House) -> None:
    bob, group, new = house.server.person("Bob"), house.server.group("Newsroom"), house.server.group("Newsroom, super")
    house.server.fail_next("sendMessage", "migrated", chat=group, to=new.id)
    async with house.serving():
        group.post(bob, "/list")
        assert (await new.next_message()).text == "You said /list"
    assert house.script.happened == [("moved", f"telegram:{group.id}", str(new.id))]


async def test_a_chat_that_takes_no_answer_has_left(house: House, chat: PrivateChat) -> None:
    house.server.fail_next("sendMessage", "blocked")
    async with house.serving():
        assert await chat.say("/list") == ""
    assert house.script.happened == [("left", f"telegram:{chat.id}", "blocked")]


async def test_a_fault_in_one_answer_is_logged_without_the_token_and_the_next_is_handled(
    house: House, chat: PrivateChat, caplog: pytest.LogCaptureFixture
) -> None:
    house.script.broken = RuntimeError(f"no such path /bot{house.server.token}/x")
    async with house.serving():
        assert await chat.say("/break") == ""
        assert await chat.say("/list") == "You said /list"
    assert "T1: an update of" in caplog.text
    assert "RuntimeError: no such path /bot<token>/x" in caplog.text


# Order, independence, acknowledgement.


async def test_an_update_is_acknowledged_only_after_it_was_handled(house: House, chat: PrivateChat) -> None:
    house.script.slow["/slow"] = asyncio.Event()
    other = house.server.private(house.server.person("Bob"))
    async with house.serving():
        slow = chat.post("/slow")
        await house.script.begun.wait()
        assert await other.say("/quick") == "You said /quick"
        quick = other.post("/quick again")
        await other.next_message()
        assert house.server.waiting == [slow, slow + 1, quick]
        house.script.slow["/slow"].set()
        await eventually(lambda: house.server.waiting == [])
    assert house.script.said == ["/quick", "/quick again", "/slow"], "each once"


async def test_order_holds_within_a_chat(house: House) -> None:
    chats = [house.server.private(house.server.person(f"Person {number}")) for number in range(15)]
    lines = [f"/line {number}" for number in range(10)]
    house.script.slow = {line: asyncio.Event() for line in lines[::4]}
    for line in lines:
        for chat in chats:
            chat.post(line)
    async with house.serving():
        for event in house.script.slow.values():
            await asyncio.sleep(0.1)
            event.set()
        await eventually(lambda: not house.server.waiting)
    for chat in chats:
        assert [message.text for message in chat.received] == [f"You said {line}" for line in lines]


async def test_a_flood_from_one_chat_holds_up_no_other(
    house: House, chat: PrivateChat, caplog: pytest.LogCaptureFixture
) -> None:
    house.script.slow["/line 0"] = asyncio.Event()
    other = house.server.private(house.server.person("Bob"))
    async with house.serving():
        await house.becomes("serving")
        for number in range(150):
            chat.post(f"/line {number}")
        unblocked = chat.unblock()
        assert await other.say("/quick") == "You said /quick"
        assert house.script.said == ["/quick"]
        house.script.slow["/line 0"].set()
        await eventually(lambda: house.server.is_confirmed(unblocked) and bool(house.script.happened))
        assert await chat.say("/after") == "You said /after", "the flood is over"

    said = [f"/line {number}" for number in range(50)]
    assert house.script.said == ["/quick", *said, "/after"], "the first fifty, and what came after"
    assert house.script.happened == [("returned", f"telegram:{chat.id}")], "what is not said is not dropped"
    assert len([record for record in caplog.records if "floods" in record.getMessage()]) == 1


async def test_at_most_a_hundred_updates_are_in_hand(house: House) -> None:
    chats = [house.server.private(house.server.person(f"Person {number}")) for number in range(130)]
    house.script.slow = {"/slow": asyncio.Event()}
    for chat in chats:
        chat.post("/slow")
    async with house.serving():
        await eventually(lambda: len(house.script.callers) == 100)
        await asyncio.sleep(0.6)
        assert len(house.script.callers) == 100
        house.script.slow["/slow"].set()
        await eventually(lambda: len(house.script.said) == 130)


async def test_a_slow_answer_does_not_make_the_bot_ask_all_the_time(house: House, chat: PrivateChat) -> None:
    house.script.slow["/slow"] = asyncio.Event()
    async with house.serving():
        chat.post("/slow")
        await house.script.begun.wait()
        await asyncio.sleep(2)
        assert house.server.counts["getUpdates"] <= 6
        house.script.slow["/slow"].set()


async def test_a_server_that_does_not_wait_is_not_asked_all_the_time(house: House, chat: PrivateChat) -> None:
    house.server.polls_long = False
    house.clock.quickly = 1
    async with house.serving():
        await house.becomes("serving")
        await asyncio.sleep(1.5)
        assert house.server.counts["getUpdates"] <= 5
        await eventually(lambda: house.server.counts["getUpdates"] >= 3)
        assert await chat.say("/list") == "You said /list"


def test_what_an_earlier_request_still_brings_is_not_handled_twice() -> None:
    ledger = Ledger()
    assert ledger.ask() is None
    assert [ledger.take(update) for update in (5, 6, 7)] == [True, True, True]
    ledger.finish(6)
    assert ledger.ask() == 5
    ledger.finish(5)
    assert [ledger.take(update) for update in (5, 6, 7, 8)] == [False, False, False, True]
    assert ledger.ask() == 7
    ledger.finish(7)
    ledger.finish(8)
    assert (ledger.ask(), len(ledger)) == (9, 0)


def test_identifiers_that_begin_anew_are_taken() -> None:
    ledger = Ledger()
    ledger.take(900)
    ledger.finish(900)
    ledger.ask()
    assert ledger.take(17)
    assert ledger.ask() == 17


# When Telegram is not there, or does not want us.


async def test_a_start_without_a_network_serves_once_there_is_one(
    house: House, chat: PrivateChat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await house.server.down()
    chat.post("/list")
    assert house.front.state == "connecting"
    async with house.serving():
        await house.becomes("offline")
        await asyncio.sleep(0.3)
        await house.server.up()
        assert (await chat.next_message()).text == "You said /list"
        assert house.front.state == "serving"
        await eventually(lambda: bool(house.server.commands))

    ours = [record.getMessage() for record in caplog.records if record.name.startswith("handlers.on_telegram")]
    assert [line.partition(":")[0] for line in ours] == ["Telegram cannot be reached, it is tried again", "Telegram"]
    assert house.server.token.partition(":")[2] not in caplog.text


async def test_a_network_that_goes_and_comes_loses_nothing(house: House, chat: PrivateChat) -> None:
    async with house.serving():
        await chat.say("/list")
        await house.server.down()
        await house.becomes("offline")
        chat.post("/while away")
        await house.server.up()
        assert (await chat.next_message()).text == "You said /while away"
        assert house.front.state == "serving"


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("7000000001:wrong-secret", id="another one's"),
        pytest.param("wrong-secret", id="none that could be one"),
        pytest.param("wrong: secret", id="with a space"),
    ],
)
async def test_a_wrong_token_stops_telegram_with_one_line(
    token: str, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "handlers")
    front = house.new_front(token)
    async with asyncio.timeout(PATIENCE):
        await front.serve()

    assert front.state == "unauthorized"
    assert [("TELEGRAM_BOT_TOKEN" in record.getMessage()) for record in caplog.records] == [True]
    assert "secret" not in caplog.text


async def test_a_token_revoked_meanwhile_stops_telegram_too(house: House, chat: PrivateChat) -> None:
    async with asyncio.timeout(PATIENCE), house.serving() as task:
        await chat.say("/list")
        house.server.token = "7000000001:a-new-one"
        await house.front.sender.send(Address("telegram", str(chat.id)), Message(plain("Alert")))
        await task
    assert house.front.state == "unauthorized"


@pytest.mark.parametrize("method", ["sendMessage", "getUpdates"])
async def test_one_refusal_amid_an_outage_is_no_verdict(method: str, house: House, chat: PrivateChat) -> None:
    async with house.serving():
        house.server.fail_next(method, "unauthorized")
        assert await chat.say("/list") == "You said /list"
        await house.becomes("serving")


async def test_a_second_instance_is_named_and_waited_for(
    house: House, chat: PrivateChat, caplog: pytest.LogCaptureFixture
) -> None:
    house.server.fail_next("getUpdates", "conflict", 3)
    async with house.serving():
        assert await chat.say("/list") == "You said /list"
    named = [record for record in caplog.records if "another instance polls with the same token" in record.getMessage()]
    assert len(named) == 1


async def test_two_that_poll_hear_of_each_other(house: House) -> None:
    other = house.new_front(house.server.token)
    async with house.serving(), house.serving(other):
        await eventually(lambda: "conflict" in {house.front.state, other.state})


async def test_a_webhook_is_deleted_and_what_waits_is_kept(house: House, chat: PrivateChat) -> None:
    house.server.webhook = True
    chat.post("/list")
    async with house.serving():
        assert (await chat.next_message()).text == "You said /list"
    assert house.server.counts["deleteWebhook"] == 1


@pytest.mark.parametrize(
    "kind", ["bad_gateway_html", "garbage", "internal_error", "drop_before", "drop_after", "flood"]
)
async def test_failed_polls_lose_nothing(kind: Kind, house: House, chat: PrivateChat) -> None:
    house.server.fail_next("getUpdates", kind, 2)
    async with house.serving():
        assert await chat.say("/list") == "You said /list"
    assert house.script.said == ["/list"]


async def test_the_menu_is_set_once_it_can_be(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.server.fail_next("setMyCommands", "internal_error", 2)
    async with house.serving():
        await eventually(lambda: bool(house.server.commands))
    assert [name for name, _ in house.server.commands] == ["watch", "help"]
    assert len(house.server.commands[0][1]) == 256
    assert caplog.records == []


async def test_a_rejected_menu_is_let_be(house: House, chat: PrivateChat) -> None:
    house.server.fail_next("setMyCommands", "rejected", math.inf)
    async with house.serving():
        await chat.say("/list")
        await chat.say("/list")
    assert house.server.counts["setMyCommands"] == 1


# The end.


async def test_the_end_comes_quickly_and_acknowledges_what_was_handled(house: House, chat: PrivateChat) -> None:
    async with house.serving():
        await chat.say("/list")
        await house.server.until(lambda: not house.server.waiting)
        start = time.monotonic()
    assert time.monotonic() - start < 2, "as long as it would wait for something in hand"
    async with house.serving(house.new_front(house.server.token)):
        await chat.say("/again")
    assert house.script.said == ["/list", "/again"]


async def test_an_answer_in_hand_is_finished_at_the_end_and_acknowledged(house: House, chat: PrivateChat) -> None:
    house.script.slow["/slow"] = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(house.front.serve())
        chat.post("/slow")
        second = chat.post("/second")
        await house.script.begun.wait()
        task.cancel()
        await asyncio.sleep(0.2)
        house.script.slow["/slow"].set()

    assert [message.text for message in chat.received] == ["You said /slow"]
    assert house.server.waiting == [second], "what was not begun comes again"


@pytest.mark.parametrize("network", ["up", "down", "hanging"])
async def test_the_end_waits_for_no_one_for_long(network: str, house: House, chat: PrivateChat) -> None:
    house.script.slow["/slow"] = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(house.front.serve())
        await chat.say("/list")
        slow = chat.post("/slow")
        await eventually(lambda: len(house.script.callers) == 2)
        if network == "hanging":
            house.server.fail_next("getUpdates", "hang", math.inf)
        if network == "down":
            await house.server.down()
        start = time.monotonic()
        task.cancel()

    assert time.monotonic() - start < 15, "less than a long poll takes"
    assert house.server.waiting == [slow]


async def test_a_sender_that_was_handed_in_stays_open(house: House, chat: PrivateChat) -> None:
    sender = TelegramSender(house.server.token, house.server.url)
    async with house.serving(house.new_front(house.server.token, sender=sender)):
        await chat.say("/list")
    session = sender.api.bot.session
    assert not (await session.create_session()).closed  # type: ignore[attr-defined]  # aiohttp's, which tests may know
    await sender.close()


async def test_nothing_ever_logs_the_token(house: House, chat: PrivateChat, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    kinds: tuple[Kind, ...] = ("bad_gateway_html", "garbage", "drop_before", "conflict", "error")
    for kind in kinds:
        for method in ("getMe", "getUpdates", "sendMessage", "setMyCommands"):
            house.server.fail_next(method, kind, description=f"/bot{house.server.token}/{method}")
    async with house.serving():
        chat.post("/list")
        await eventually(lambda: house.front.state == "serving")
        await house.server.down()
        await house.becomes("offline")
    assert house.server.token.partition(":")[2] not in caplog.text

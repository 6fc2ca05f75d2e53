"""What happens to an alert when the platform refuses it, breaks, or is gone, or when the bot itself is killed."""

import asyncio
import math
import re
from collections import Counter
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from bot.app import opened, run
from bot.clock import SystemClock
from bot.domain.pacing import Rate
from bot.limiter import Limiter
from handlers.on_telegram import OVERALL, TelegramFront, TelegramSender, lane_of
from storage.database import rows
from support.listening import PATIENCE
from support.outlets import Feed
from support.process import Process
from support.telegram_server import Call, Chat, GroupChat, Kind, PrivateChat, Received, TelegramServer
from support.world import World, settings_for, until

IN_FLIGHT = 16  # what a crash between sending and marking may repeat
DEADLINE = 1.5  # seconds: longer than it takes the stand-in to answer on a machine that does much else
RETURNED = re.compile(r"\AWhile this chat took no messages, .*\n\n")


class Hurried(World):
    """A world whose bot waits but briefly for a send, and whose chats have limits that can be held."""

    async def _run(self, started: asyncio.Event) -> None:
        async with opened(settings_for(self.folder, self.telegram, **self.changes)) as bot:
            self.bot = bot
            token = bot.settings.telegram_bot_token.get_secret_value()
            api_url = bot.settings.telegram_api_url
            turns = Limiter(OVERALL, lambda _: (Rate(0.01),), lane_of)
            sender = TelegramSender(token, api_url, deadline=DEADLINE)
            front = TelegramFront(token, api_url, answering=bot.commands, turns=turns, clock=bot.clock, sender=sender)
            bot.serve_on("telegram", front, sender, turns)
            bot.closing.append(sender.close)
            started.set()
            await run(bot, self._stop)


def hurried(folder: Path, *, running: bool = True, access: str = "open") -> AbstractAsyncContextManager[World]:
    return Hurried.opened(folder, running=running, access=access)


def alerts(chat: Chat) -> list[Received]:
    """What was pushed to a chat, in order; formatted alerts and plain ones."""
    return [message for message in chat.received if "▸" in message.text]


def headlines(chat: Chat) -> list[str]:
    """The first line of each alert, below what is told to a chat that has returned; a plain one's without its link."""
    return [RETURNED.sub("", message.text).partition("\n")[0].partition(" http")[0] for message in alerts(chat)]


async def arrive(chat: Chat, count: int = 1) -> list[Received]:
    """The first alerts of a chat, when there are so many."""
    await until(lambda: len(alerts(chat)) >= count, f"{chat.title} has {len(alerts(chat))} of {count} alerts")
    return alerts(chat)


def sends(telegram: TelegramServer, chat: Chat, after: int) -> list[Call]:
    """The tries to send something to a chat, of the calls from number `after` on."""
    return [
        call
        for call in telegram.calls[after:]
        if call.method == "sendMessage" and str(call.parameters["chat_id"]) == str(chat.id)
    ]


async def group_watching(world: World, feed: Feed, *queries: str) -> GroupChat:
    group = world.group("Newsroom", admin=world.telegram.person("Olena"))
    (admin,) = group.admins
    assert "You now follow" in await group.say(admin, f"/sub {feed.url}")
    for query in queries:
        assert "is set" in await group.say(admin, f"/watch {query}")
    return group


async def test_a_flood_in_one_chat_delays_that_chat_only_and_for_as_long_as_telegram_asks(tmp_path: Path) -> None:
    async with hurried(tmp_path) as world:
        feed = world.feed("/news")
        alice, bob = [await world.watching(name, feed, "EUMAM") for name in ("Alice", "Bob")]
        world.telegram.fail_next("sendMessage", "flood", chat=alice, retry_after=3)
        before = len(world.telegram.calls)
        feed.publish(title="EUMAM moves")
        feed.publish(title="EUMAM stays")
        await arrive(bob, 2)
        assert alerts(alice) == []
        answer = asyncio.get_running_loop().create_task(alice.say("/filters"))
        await arrive(alice, 2)
        assert "EUMAM" in await answer
        refused, *later = sends(world.telegram, alice, before)
        assert min(call.at for call in later) - refused.at >= 3, "answers have to wait as well"
        assert len(later) == 3
        assert max(one.at for one in alerts(bob)) < min(call.at for call in later)
        await world.quiet(feed)
        assert sorted(headlines(alice)) == sorted(headlines(bob)) == ["EUMAM moves", "EUMAM stays"]


async def test_a_second_flood_is_waited_for_like_the_first(tmp_path: Path) -> None:
    async with hurried(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        world.telegram.fail_next("sendMessage", "flood", 2, retry_after=1)
        before = len(world.telegram.calls)
        feed.publish(title="EUMAM moves")
        await arrive(chat)
        first, second, third = (call.at for call in sends(world.telegram, chat, before))
        assert second - first >= 1
        assert third - second >= 1
        await world.quiet(feed)
        assert headlines(chat) == ["EUMAM moves"]


async def test_three_chats_that_are_flooded_at_once_hold_everybody_answers_too(tmp_path: Path) -> None:
    async with hurried(tmp_path) as world:
        feed = world.feed("/news")
        chats = [await world.watching(name, feed, "EUMAM") for name in ("Alice", "Bob", "Carol", "Dave")]
        *flooded, dave = chats
        for chat in flooded:
            world.telegram.fail_next("sendMessage", "flood", chat=chat, retry_after=3)
        before = len(world.telegram.calls)
        feed.publish(title="EUMAM moves")
        await until(
            lambda: sum(len(sends(world.telegram, chat, before)) for chat in flooded) >= 3, "they are not all refused"
        )
        refused = max(call.at for chat in flooded for call in sends(world.telegram, chat, before))
        await asyncio.sleep(0.5)
        asked = len(world.telegram.calls)
        answer = asyncio.get_running_loop().create_task(dave.say("/filters"))
        for chat in chats:
            await arrive(chat)
        assert "EUMAM" in await answer
        later = [call.at for chat in chats for call in sends(world.telegram, chat, asked)]
        assert min(later) - refused >= 2.9, "whose flood it is, three refusals say"
        await world.quiet(feed)
        assert [headlines(chat) for chat in chats] == [["EUMAM moves"]] * 4


async def test_a_storm_of_floods_is_weathered_with_few_tries_and_nothing_is_told_twice(tmp_path: Path) -> None:
    async with hurried(tmp_path) as world:
        feed = world.feed("/news")
        chats = [await world.watching(f"Reader {number}", feed, "EUMAM") for number in range(20)]
        world.telegram.fail_next("sendMessage", "flood", math.inf, retry_after=1)
        before = len(world.telegram.calls)
        feed.publish(title="EUMAM moves")
        await asyncio.sleep(5)
        tries = sum(len(sends(world.telegram, chat, before)) for chat in chats)
        assert 3 <= tries < 16 * 6, "a storm is not answered by a storm"
        world.telegram.heal()
        for chat in chats:
            await arrive(chat)
        await world.quiet(feed)
        assert {tuple(headlines(chat)) for chat in chats} == {("EUMAM moves",)}


async def test_a_deleted_topic_holds_its_alerts_and_nobody_else_s(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        olena = world.telegram.person("Olena")
        group = world.group("Newsroom", admin=olena)
        topics = [group.topic(), group.topic()]
        for topic in topics:
            assert "You now follow" in await topic.say(olena, f"/sub {feed.url}")
            assert "is set" in await topic.say(olena, "/watch EUMAM")
        deleted, left = topics
        deleted.delete()
        before = len(world.telegram.calls)
        for title in ("EUMAM moves", "EUMAM stays"):
            feed.publish(title=title)
            await world.quiet(feed)
        assert [message.text.partition("\n")[0] for message in left.received if "▸" in message.text] == [
            "EUMAM moves",
            "EUMAM stays",
        ]
        tried = [
            call
            for call in sends(world.telegram, group, before)
            if call.parameters["message_thread_id"] == str(deleted.id)
        ]
        assert len(tried) == 1
        assert world.rows("SELECT count(*) FROM alerts WHERE state = 'due'") == [(2,)]


async def test_a_backlog_comes_as_a_digest_and_nothing_of_it_is_missing(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        await chat.say("/pause")
        for number in range(60):
            feed.publish(title=f"EUMAM moves for the {number}. time")
        await until(lambda: world.rows("SELECT count(*) FROM alerts") == [(60,)], "they are not matched")
        before = len(chat.received)
        await chat.say("/resume")
        await world.settled()
        messages = [message for message in chat.received[before:] if "that waited" in message.text]
        assert 2 <= len(messages) <= 5
        told = re.findall(r"moves for the (\d+)\. time", "".join(message.text for message in messages))
        assert sorted(map(int, told)) == list(range(60))
        assert "more follow" in messages[0].text
        assert world.rows("SELECT DISTINCT state FROM alerts") == [("sent",)]
        assert all(len(message.links) == message.text.count("• ") for message in messages)


async def test_an_alert_is_edited_in_place_and_one_that_was_deleted_is_let_be(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chats = [await world.watching(name, feed, "EUMAM") for name in ("Alice", "Bob")]
        feed.publish(title="EUMAM moves")
        ((first,), (second,)) = [await arrive(chat) for chat in chats]
        await world.settled()
        chats[1].received.remove(second)
        assert world.bot is not None
        another_title = "UPDATE stories SET entry = json_set(entry, '$.title', 'EUMAM moves on')"
        await world.bot.database.write(lambda db: db.execute(another_title))
        now = world.bot.clock.now()
        for (alert_id,) in world.rows("SELECT id FROM alerts"):
            await world.bot.outbox.want_edit(alert_id, now=now)
        world.bot.deliveries[0].call()
        await until(lambda: world.rows("SELECT 1 FROM edits") == [], "they are not edited")
        assert (first.edits, first.text.partition("\n")[0]) == (1, "EUMAM moves on")
        assert len(alerts(chats[0])) == 1
        assert alerts(chats[1]) == []
        assert world.rows("SELECT DISTINCT state FROM alerts") == [("sent",)]


async def test_a_full_disk_is_named_loses_nothing_and_repeats_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chats = [await world.watching(f"Reader {number}", feed, "EUMAM") for number in range(5)]
        world.telegram.delay = 2.0
        before = world.telegram.counts["sendMessage"]
        feed.publish(title="EUMAM moves")
        await until(lambda: world.rows("SELECT 1 FROM alerts WHERE state = 'claimed'") != [], "nothing is in hand")
        assert world.bot is not None
        # To the bot a file that takes nothing is a disk that is full.
        await world.bot.database.write(lambda db: rows(db, "PRAGMA query_only=ON"))
        # Whether the next claim or the next mark meets it first, it is named once.
        named = ("Nothing is sent until the store works again", "Alerts wait, the store fails")
        await until(lambda: any(line in caplog.text for line in named), "it is not named")
        await asyncio.sleep(4.5)  # for what was in hand, and for a second time if there were one
        sent = world.telegram.counts["sendMessage"] - before
        assert sent <= len(chats), "what cannot be noted is not sent again and again"
        await world.bot.database.write(lambda db: rows(db, "PRAGMA query_only=OFF"))
        for chat in chats:
            await arrive(chat)
        await world.quiet(feed)
        assert {tuple(headlines(chat)) for chat in chats} == {("EUMAM moves",)}


async def test_a_clock_that_is_set_back_for_a_day_loses_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = 86_400.0
    real = SystemClock.now
    monkeypatch.setattr(SystemClock, "now", lambda self: real(self) + ahead)
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        await world.quiet(feed)
        ahead = 0.0
        await until(lambda: "The clock was set back by 86400 s" in caplog.text, "nobody notices")
        feed.publish(title="EUMAM moves")
        await arrive(chat)
        await world.quiet(feed)
        assert headlines(chat) == ["EUMAM moves"]


def by_the_error(group: GroupChat) -> None:
    """Let it become a supergroup whose service messages never arrive."""
    old, group.id = group.id, group.server.new_group_id()
    group.server.migrated[old] = group.id
    group.server.chats[group.id] = group


async def test_a_group_whose_refusal_says_that_it_moved_is_followed(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        group = await group_watching(world, feed, "EUMAM")
        by_the_error(group)
        feed.publish(title="EUMAM moves")
        feed.publish(title="EUMAM stays")
        await arrive(group, 2)
        await moved_well(world, feed, group)


async def test_a_group_whose_service_message_says_that_it_moved_is_followed(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        group = await group_watching(world, feed, "EUMAM")
        group.migrate()
        await until(lambda: not world.telegram.waiting, "the service messages are not read")
        feed.publish(title="EUMAM moves")
        feed.publish(title="EUMAM stays")
        await arrive(group, 2)
        await moved_well(world, feed, group)


async def test_a_group_that_moves_while_its_alerts_go_out_gets_each_once(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        group = await group_watching(world, feed, "EUMAM")
        world.telegram.delay = 0.1
        feed.publish(title="EUMAM moves")
        feed.publish(title="EUMAM stays")
        await arrive(group)
        group.migrate()
        await arrive(group, 2)
        world.telegram.delay = 0
        await moved_well(world, feed, group)


async def moved_well(world: World, feed: Feed, group: GroupChat) -> None:
    await world.quiet(feed)
    assert sorted(headlines(group)) == ["EUMAM moves", "EUMAM stays"]
    assert "#1 EUMAM" in await group.say(group.admins[0], "/filters")
    feed.publish(title="EUMAM returns")
    await arrive(group, 3)
    await world.quiet(feed)
    assert len(alerts(group)) == 3
    assert world.rows("SELECT chat FROM chats") == [(str(group.id),)]


@pytest.mark.parametrize("coming_back", ["/start", "/status", "hello"])
@pytest.mark.parametrize(
    "told",
    [
        pytest.param("told by an update", id="told by an update"),
        pytest.param("bot was blocked by the user", id="told by the refusal"),
        pytest.param("user is deactivated", id="deactivated"),
    ],
)
async def test_a_blocked_chat_holds_up_nobody_and_gets_its_alerts_when_it_returns(
    tmp_path: Path, told: str, coming_back: str
) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        alice, bob = [await world.watching(name, feed, "EUMAM") for name in ("Alice", "Bob")]
        if told == "told by an update":
            alice.block()
            await until(lambda: not world.telegram.waiting, "the update is not read")
        else:
            alice.refusal = (403, f"Forbidden: {told}")
        before = len(world.telegram.calls)
        for title in ("EUMAM moves", "EUMAM stays"):
            feed.publish(title=title)
            await arrive(bob, len(alerts(bob)) + 1)
        await world.quiet(feed)
        assert len(sends(world.telegram, alice, before)) <= 1, "who has blocked us is not asked again and again"
        assert world.rows("SELECT count(*) FROM alerts WHERE state = 'due'") == [(2,)]
        alice.unblock()
        await alice.say(coming_back)
        first, second = await arrive(alice, 2)
        await world.quiet(feed)
        assert "While this chat took no messages, 2 alerts have waited" in first.text
        assert "While this chat" not in second.text
        assert sorted(headlines(alice)) == sorted(headlines(bob)) == ["EUMAM moves", "EUMAM stays"]


@pytest.mark.parametrize(
    ("code", "description"),
    [
        pytest.param(403, "Forbidden: bot was kicked from the supergroup chat", id="kicked"),
        pytest.param(403, "Forbidden: bot is not a member of the supergroup chat", id="not a member"),
        pytest.param(400, "Bad Request: chat not found", id="not found"),
        pytest.param(400, "Bad Request: not enough rights to send text messages to the chat", id="muted"),
        pytest.param(403, "Forbidden: the group chat was deleted", id="deleted"),
        pytest.param(400, "Bad Request: need administrator rights in the channel chat", id="no administrator any more"),
        pytest.param(400, "Bad Request: CHAT_WRITE_FORBIDDEN", id="nobody may write"),
        pytest.param(400, "Bad Request: PEER_ID_INVALID", id="no such peer"),
        pytest.param(400, "Bad Request: TOPIC_CLOSED", id="its general topic closed"),
        pytest.param(403, "Forbidden: something that nobody has ever read", id="forbidden"),
    ],
)
async def test_a_group_that_takes_nothing_holds_up_nobody_and_gets_its_alerts_when_it_does_again(
    tmp_path: Path, code: int, description: str
) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        group, bob = await group_watching(world, feed, "EUMAM"), await world.watching("Bob", feed, "EUMAM")
        group.refusal = (code, description)
        before = len(world.telegram.calls)
        for title in ("EUMAM moves", "EUMAM stays"):
            feed.publish(title=title)
            await arrive(bob, len(alerts(bob)) + 1)
        await world.quiet(feed)
        assert len(sends(world.telegram, group, before)) == 1
        group.add_bot(group.admins[0])
        await arrive(group, 2)
        await world.quiet(feed)
        assert sorted(headlines(group)) == ["EUMAM moves", "EUMAM stays"]


async def test_a_bot_that_was_thrown_out_of_a_group_delivers_there_once_it_is_back(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        group = await group_watching(world, feed, "EUMAM")
        (admin,) = group.admins
        group.remove_bot(admin)
        await until(lambda: not world.telegram.waiting, "the update is not read")
        before = len(world.telegram.calls)
        feed.publish(title="EUMAM moves")
        await world.quiet(feed)
        assert sends(world.telegram, group, before) == []
        group.add_bot(admin)
        await arrive(group)
        await world.quiet(feed)
        assert headlines(group) == ["EUMAM moves"]


@pytest.mark.parametrize("kind", ["bad_gateway_html", "internal_error", "garbage", "hang", "drop_before"])
async def test_what_the_platform_did_not_take_is_delivered_a_little_later_and_once(tmp_path: Path, kind: Kind) -> None:
    async with hurried(tmp_path) as world:
        feed = world.feed("/news")
        alice, bob = [await world.watching(name, feed, "EUMAM") for name in ("Alice", "Bob")]
        world.telegram.fail_next("sendMessage", kind, chat=alice)
        before = len(world.telegram.calls)
        feed.publish(title="EUMAM moves")
        await arrive(alice)
        refused, delivered = (call.at for call in sends(world.telegram, alice, before))
        assert 1 <= delivered - refused < 10, "a first retry comes after a second"
        assert alerts(bob)[0].at < delivered
        await world.quiet(feed)
        assert headlines(alice) == ["EUMAM moves"]


async def test_what_was_taken_before_the_connection_broke_is_sent_again_rather_than_lost(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        world.telegram.fail_next("sendMessage", "drop_after")
        feed.publish(title="EUMAM moves")
        await arrive(chat, 2)
        await world.quiet(feed)
        # The Bot API has no key that makes a send idempotent: whether the first was taken, nobody can know.
        assert headlines(chat) == ["EUMAM moves", "EUMAM moves"]


async def test_content_that_is_rejected_is_sent_as_plain_text(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        world.telegram.fail_next("sendMessage", "rejected")
        feed.publish(title="EUMAM <moves> & stays", summary="A lead.")
        (alert,) = await arrive(chat)
        assert alert.entities == ()
        assert alert.text.startswith(f"EUMAM <moves> & stays {feed.url}/story-")
        feed.publish(title="EUMAM returns")
        assert (await arrive(chat, 2))[1].bold, "the next one is formatted again"


@pytest.mark.parametrize(
    ("code", "description"),
    [
        pytest.param(400, "Bad Request: message is too long", id="too long"),
        pytest.param(400, "Bad Request: BUTTON_DATA_INVALID", id="a button"),
        pytest.param(400, "Bad Request: message to be replied not found", id="a reply to what is gone"),
        pytest.param(400, "Bad Request: something that nobody has ever read", id="a reason not known yet"),
        pytest.param(413, "Request Entity Too Large", id="too large"),
    ],
)
async def test_whatever_is_wrong_with_content_it_arrives_as_plain_text_and_once(
    tmp_path: Path, code: int, description: str
) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        alice, bob = [await world.watching(name, feed, "EUMAM") for name in ("Alice", "Bob")]
        world.telegram.fail_next("sendMessage", "error", chat=alice, code=code, description=description)
        feed.publish(title="EUMAM moves")
        await arrive(bob)
        (alert,) = await arrive(alice)
        assert alert.entities == ()
        await world.quiet(feed)
        assert headlines(alice) == headlines(bob) == ["EUMAM moves"]


async def test_content_that_is_rejected_as_plain_text_too_is_given_up_and_the_next_alert_goes_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        world.telegram.fail_next("sendMessage", "rejected", 2, description="Bad Request: MESSAGE_IMPOSSIBLE")
        before = len(world.telegram.calls)
        feed.publish(title="EUMAM moves")
        await until(lambda: "is given up" in caplog.text, "it is not given up")
        feed.publish(title="EUMAM stays")
        await arrive(chat)
        await world.quiet(feed)
        assert headlines(chat) == ["EUMAM stays"]
        assert len(sends(world.telegram, chat, before)) == 3
        (line,) = [record for record in caplog.records if record.name == "bot.delivery"]
        assert line.getMessage() == (
            f"Alert 1 to telegram:{chat.id} is given up, the platform rejects it: Bad Request: MESSAGE_IMPOSSIBLE"
        )
        assert "1 failed" in await chat.say("/status")


async def test_a_platform_that_is_down_at_the_start_gets_everything_once_it_is_up(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        await world.stop()
        await world.telegram.down()
        feed.publish(title="EUMAM moves")
        await world.start()
        await until(lambda: "Telegram cannot be reached" in caplog.text, "nothing says that it is down")
        await until(lambda: world.rows("SELECT 1 FROM alerts") != [], "feeds are not read meanwhile")
        await world.telegram.up()
        await arrive(chat)
        assert "At work" in await chat.say("/status")
        await world.quiet(feed)
        assert headlines(chat) == ["EUMAM moves"]
        assert caplog.text.count("Telegram cannot be reached") == 1


async def test_a_platform_that_goes_down_in_mid_delivery_loses_nothing(tmp_path: Path) -> None:
    async with hurried(tmp_path) as world:
        feed = world.feed("/news")
        chats = [await world.watching(f"Reader {number}", feed, "EUMAM") for number in range(12)]
        feed.publish(title="EUMAM moves")
        await until(lambda: sum(len(alerts(chat)) for chat in chats) >= 3, "nothing is being sent")
        await world.telegram.down()
        await asyncio.sleep(0.3)
        await world.telegram.up()
        for chat in chats:
            await arrive(chat)
        await world.quiet(feed)
        repeated = sum(len(alerts(chat)) - 1 for chat in chats)
        assert repeated <= IN_FLIGHT


async def test_a_bot_to_which_nobody_writes_knows_at_once_that_it_serves(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        assert world.bot is not None
        front = world.bot.fronts["telegram"]
        await until(lambda: front.state == "serving", "it waits for somebody to write")


@pytest.mark.parametrize("token", ["7000000001:AAnother_token", "no token at all"])
async def test_a_token_that_telegram_refuses_ends_the_run_and_the_log_names_its_variable(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, token: str
) -> None:
    async with World.opened(tmp_path, running=False, telegram_bot_token=token) as world:
        await asyncio.wait_for(world.start(), PATIENCE)
        await until(lambda: "refuses the token" in caplog.text, "nothing is said of it")
        (line,) = [record for record in caplog.records if record.levelname == "ERROR"]
        assert "set TELEGRAM_BOT_TOKEN" in line.getMessage()
        assert token not in caplog.text
        assert world.bot is not None
        assert world.bot.fronts["telegram"].state == "unauthorized"


async def test_a_token_that_is_revoked_ends_the_run_and_holds_the_alerts(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        for method in ("getMe", "getUpdates", "sendMessage"):
            world.telegram.fail_next(method, "unauthorized", math.inf)
        feed.publish(title="EUMAM moves")
        await until(lambda: "set TELEGRAM_BOT_TOKEN" in caplog.text, "nothing is said of it")
        await world.stop()
        world.telegram.heal()
        await world.start()
        await arrive(chat)
        assert headlines(chat) == ["EUMAM moves"]


async def test_one_refusal_of_the_token_amid_an_outage_is_no_verdict(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        world.telegram.fail_next("sendMessage", "unauthorized")
        world.telegram.fail_next("getUpdates", "unauthorized")
        feed.publish(title="EUMAM moves")
        await arrive(chat)
        assert "At work" in await chat.say("/status")


async def test_another_instance_with_the_same_token_is_named_once_and_alerts_go_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        world.telegram.fail_next("getUpdates", "conflict", 2)
        chat.post("/status")  # which ends the request that waits
        await until(lambda: "another instance polls with the same token" in caplog.text, "nothing says so")
        feed.publish(title="EUMAM moves")
        await arrive(chat)
        assert "At work" in await chat.say("/status")
        assert caplog.text.count("another instance polls") == 1


async def test_the_token_is_in_no_log_record_whatever_goes_wrong(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    kinds: tuple[Kind, ...] = (
        "flood", "bad_gateway_html", "internal_error", "garbage", "hang", "drop_before", "drop_after",
        "conflict", "unauthorized", "error", "rejected", "not_found", "blocked",
    )  # fmt: skip
    async with hurried(tmp_path) as world:
        feed = world.feed("/news")
        chats = [await world.watching(f"Reader {number}", feed, "EUMAM") for number in range(len(kinds))]
        for chat, kind in zip(chats, kinds, strict=True):
            world.telegram.fail_next("sendMessage", kind, chat=chat)
        world.telegram.fail_next("getUpdates", "internal_error")
        feed.publish(title="EUMAM moves")
        for chat, kind in zip(chats, kinds, strict=True):
            if kind in {"not_found", "blocked"}:
                await until(lambda: not world.telegram.waiting, "updates are not read")
                await chat.say("/start")
            await arrive(chat)
        await world.telegram.down()
        await until(lambda: "cannot be reached" in caplog.text, "nothing says that it is down")
        await world.telegram.up()
        await world.settled()
        token = world.telegram.token
    assert len(caplog.records) > len(kinds)
    for secret in (token, token.partition(":")[2]):
        assert secret not in caplog.text
        assert not [record for record in caplog.records if secret in repr(record.__dict__)]


async def test_killed_in_mid_delivery_again_and_again_it_loses_nothing_and_repeats_only_what_was_in_flight(
    tmp_path: Path,
) -> None:
    stories = [f"EUMAM moves for the {number}. time" for number in range(1, 5)]
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chats: list[PrivateChat] = list(
            await asyncio.gather(*(world.watching(f"Reader {number}", feed, "EUMAM") for number in range(40)))
        )
        await world.stop()
        world.telegram.delay = 0.15

        def arrived() -> int:
            return sum(len(alerts(chat)) for chat in chats)

        def heard() -> Counter[tuple[int, str]]:
            return Counter((chat.id, title) for chat in chats for title in headlines(chat))

        wanted = {(chat.id, title) for chat in chats for title in stories}
        for title in stories:
            feed.publish(title)
        in_flight = 0
        for enough in (lambda: arrived() >= 20, lambda: arrived() >= 90, lambda: wanted <= heard().keys()):
            async with Process.started(tmp_path, world.telegram) as bot:
                await until(enough, f"{arrived()} of {len(wanted)} have arrived")
                if wanted <= heard().keys():
                    await world.settled()
                await bot.kill()
                freed = re.search(r"(\d+) alerts were in hand when the last run ended", bot.log)
                assert freed is None or int(freed[1]) <= IN_FLIGHT
                in_flight += int(freed[1]) if freed else 0
        assert heard().keys() == wanted
        assert heard().total() - len(wanted) <= in_flight
        assert max(heard().values()) <= 3

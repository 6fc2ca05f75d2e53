"""Sending to Discord over real HTTP, with each thing that goes wrong there."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.chats import (
    Address,
    Button,
    Card,
    Gone,
    Message,
    Missing,
    Outcome,
    Rejected,
    Sent,
    Throttled,
    Unreachable,
)
from bot.domain.pacing import Rate
from bot.domain.rich import Piece, plain
from handlers.on_discord import DiscordSender
from handlers.on_discord.rates import InvalidRequests
from support.discord_server import Channel, DiscordServer, Forum, Kind, Limits, Thread

CARD = Card(plain("EU calls for instructors"), url="https://a.example/1", filters=("EUMAM",))
MUTES = ((Button("🔇 this event", "12"),),)
ALERT = Message(plain("EU calls for instructors"), MUTES, card=CARD, key="a1-1800000000")
HELLO = Message(plain("Hello"))
AT_ONCE = Rate(0.001, tolerance=1.0)


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with await DiscordServer.start() as server:
        yield server
        assert server.violations == []


@pytest.fixture
async def sender(discord: DiscordServer) -> AsyncIterator[DiscordSender]:
    sender = DiscordSender(discord.token, discord.api_url, deadline=10.0, questions=AT_ONCE)
    yield sender
    await sender.close()


@pytest.fixture
async def hurried(discord: DiscordServer) -> AsyncIterator[DiscordSender]:
    sender = DiscordSender(discord.token, discord.api_url, deadline=0.5, questions=AT_ONCE)
    yield sender
    await sender.close()


def at(channel: Channel) -> Address:
    return Address("discord", str(channel.id))


def sent(outcome: Outcome) -> str:
    assert isinstance(outcome, Sent), outcome
    return outcome.message_id


async def test_an_alert_arrives_as_it_was_written(discord: DiscordServer, sender: DiscordSender) -> None:
    channel = discord.guild("Newsroom").text("news")
    outcome = await sender.send(at(channel), replace(ALERT, silent=True))
    (message,) = channel.received
    assert outcome == Sent(str(message.id))
    assert (message.embed["title"], message.labels, message.silent) == (
        "EU calls for instructors", ["🔇 this event"], True,
    )  # fmt: skip
    assert message.allowed_mentions == {"parse": []}


async def test_a_server_and_its_channel_may_be_told_apart(discord: DiscordServer, sender: DiscordSender) -> None:
    channel = discord.guild("Newsroom").text("news")
    await sender.send(Address("discord", str(channel.guild.id), str(channel.id)), HELLO)
    assert [one.content for one in channel.received] == ["Hello"]


async def test_a_person_gets_direct_messages(discord: DiscordServer, sender: DiscordSender) -> None:
    direct = discord.direct(discord.person("Alice"))
    await sender.send(at(direct), HELLO)
    assert [one.content for one in direct.received] == ["Hello"]


async def test_a_reply_names_what_it_replies_to_even_where_that_is_gone(
    discord: DiscordServer, sender: DiscordSender
) -> None:
    channel = discord.guild("Newsroom").text("news")
    first = sent(await sender.send(at(channel), HELLO))
    await sender.send(at(channel), replace(HELLO, reply_to=first))
    channel.received[0].delete()
    await sender.send(at(channel), replace(HELLO, reply_to=first))
    assert [one.reply_to for one in channel.received] == [None, int(first), int(first)]


async def test_an_edit_says_something_else_from_now_on(discord: DiscordServer, sender: DiscordSender) -> None:
    channel = discord.guild("Newsroom").text("news")
    message_id = sent(await sender.send(at(channel), ALERT))
    grown = replace(ALERT, card=replace(CARD, also=("Also", "Euractiv")))
    assert await sender.edit(at(channel), message_id, grown) == Sent(message_id)
    (message,) = channel.received
    assert message.embed["fields"] == [{"name": "Also", "value": "Euractiv"}]
    assert await sender.edit(at(channel), message_id, replace(grown, plain=True)) == Sent(message_id)
    assert (message.content, message.embeds) == ("EU calls for instructors", [])
    message.delete()
    assert await sender.edit(at(channel), message_id, grown) == Missing()


async def test_nobody_is_mentioned_whatever_a_feed_holds(discord: DiscordServer, sender: DiscordSender) -> None:
    channel = discord.guild("Newsroom").text("news")
    everyone = replace(ALERT, card=replace(CARD, notes=plain("@everyone <@1>")))
    await sender.send(at(channel), everyone)
    await sender.send(at(channel), Message(plain("@here <@&1>")))
    assert all(one.allowed_mentions == {"parse": []} for one in channel.received)


@pytest.mark.parametrize(
    ("kind", "more", "outcome"),
    [
        pytest.param("flood", {"retry_after": 7}, Throttled(7.0, everybody=False), id="the channel's limit"),
        pytest.param("shared", {"retry_after": 7}, Throttled(7.0, everybody=False), id="a limit that is shared"),
        pytest.param("global", {"retry_after": 7}, Throttled(7.0, everybody=True), id="everybody's limit"),
        pytest.param("cloudflare_429", {"retry_after": 7}, Throttled(7.0, everybody=True), id="a ban"),
        pytest.param("bad_gateway_html", {}, Unreachable("Discord: 502", reached=True), id="Cloudflare's 502"),
        pytest.param("unavailable_html", {}, Unreachable("Discord: 503", reached=True), id="Cloudflare's 503"),
        pytest.param("internal_error", {}, Unreachable("Discord: 500", reached=True), id="500"),
        pytest.param("unavailable", {}, Unreachable("Discord: 503", reached=True), id="503"),
        pytest.param(
            "drop_before", {}, Unreachable("network: ServerDisconnectedError", reached=True), id="broken off before"
        ),
        pytest.param(
            "drop_after", {}, Unreachable("network: ServerDisconnectedError", reached=True), id="broken off after"
        ),
        pytest.param("garbage", {}, Unreachable("not an answer of Discord's", reached=True), id="garbage"),
        pytest.param("unauthorized", {}, Unreachable("unauthorized"), id="the token is refused"),
        pytest.param("missing_access", {}, Gone("no-access"), id="the channel is not seen"),
        pytest.param("missing_permissions", {}, Gone("no-rights"), id="nothing may be said"),
        pytest.param("cannot_dm", {}, Gone("direct-messages-closed"), id="no direct messages"),
        pytest.param("unknown_channel", {}, Gone("channel-not-found"), id="no such channel"),
        pytest.param(
            "invalid_form",
            {"errors": {"embeds.0.url": "Not a well formed URL."}},
            Rejected("50035 Invalid Form Body: embeds.0.url"),
            id="an invalid form",
        ),
        pytest.param(
            "error", {"status": 400, "code": 20016, "message": "Slow mode"}, Throttled(5.0, everybody=False), id="slow"
        ),
    ],
)
async def test_each_failure_is_an_outcome_after_one_request(
    discord: DiscordServer, sender: DiscordSender, kind: Kind, more: dict[str, Any], outcome: Outcome
) -> None:
    channel = discord.guild("Newsroom").text("news")
    discord.fail_next("create_message", kind, **more)
    assert await sender.send(at(channel), ALERT) == outcome
    assert discord.counts["create_message"] == 1
    assert sender.unauthorized.is_set() is (kind == "unauthorized")
    assert discord.token.rpartition(".")[2] not in str(outcome)


async def test_an_answer_that_does_not_come_is_not_waited_for(discord: DiscordServer, hurried: DiscordSender) -> None:
    channel = discord.guild("Newsroom").text("news")
    discord.fail_next("create_message", "hang")
    assert await hurried.send(at(channel), ALERT) == Unreachable("timeout", reached=True)


async def test_too_many_edits_of_old_messages_hold_up_edits_alone(
    discord: DiscordServer, sender: DiscordSender
) -> None:
    channel = discord.guild("Newsroom").text("news")
    message_id = sent(await sender.send(at(channel), ALERT))
    discord.fail_next("update_message", "too_old_to_edit", retry_after=9)
    assert await sender.edit(at(channel), message_id, ALERT) == Throttled(9.0, everybody=False)


async def test_where_nobody_listens_nothing_has_arrived(discord: DiscordServer, sender: DiscordSender) -> None:
    channel = discord.guild("Newsroom").text("news")
    await discord.down()
    assert await sender.send(at(channel), ALERT) == Unreachable("network: ClientConnectorError")
    await discord.up()
    sent(await sender.send(at(channel), ALERT))


async def test_a_wrong_token_is_said_so(discord: DiscordServer) -> None:
    channel = discord.guild("Newsroom").text("news")
    for token in ("wrong", "", "new\nline"):
        sender = DiscordSender(token, discord.api_url)
        assert isinstance(await sender.send(at(channel), ALERT), Unreachable | Rejected)
        await sender.close()


async def test_the_last_of_a_channels_messages_for_now_says_until_when(
    discord: DiscordServer, sender: DiscordSender
) -> None:
    channel = discord.guild("Newsroom").text("news")
    discord.limits = Limits(operations={"create_message": (2, 5.0)})
    first, last = [await sender.send(at(channel), Message(plain(text))) for text in "ab"]
    assert isinstance(first, Sent)
    assert isinstance(last, Sent)
    assert first.pause == 0
    assert last.pause == pytest.approx(5.0, abs=2)


async def test_of_a_hundred_sends_whose_answers_are_lost_none_arrives_twice(
    discord: DiscordServer, sender: DiscordSender
) -> None:
    channel = discord.guild("Newsroom").text("news")
    for number in range(100):
        message = replace(ALERT, key=f"a{number}-1800000000")
        discord.fail_next("create_message", "drop_after")
        lost = await sender.send(at(channel), message)
        assert isinstance(lost, Unreachable)
        assert lost.reached
        message_id = sent(await sender.send(at(channel), message))
        assert message_id == str(channel.received[number].id)
    assert len(channel.received) == 100


async def test_a_try_again_long_after_its_answer_was_lost_looks_first(
    discord: DiscordServer, sender: DiscordSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord has forgotten the nonce by then."""
    channel = discord.guild("Newsroom").text("news")
    monkeypatch.setattr("handlers.on_discord.sender._NONCE_HOLDS", -1.0)
    discord.nonce_memory = 0.0
    discord.fail_next("create_message", "drop_after")
    assert isinstance(await sender.send(at(channel), ALERT), Unreachable)
    sent(await sender.send(at(channel), replace(ALERT, key="a2-1")))
    discord.fail_next("list_messages", "internal_error")
    assert await sender.send(at(channel), ALERT) == Unreachable("Discord: 500")
    assert sent(await sender.send(at(channel), ALERT)) == str(channel.received[0].id)
    assert len(channel.received) == 2


async def test_what_has_not_arrived_is_sent_after_a_look(
    discord: DiscordServer, sender: DiscordSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = discord.guild("Newsroom").text("news")
    monkeypatch.setattr("handlers.on_discord.sender._NONCE_HOLDS", -1.0)
    for kind in ("drop_before", "internal_error"):
        discord.fail_next("create_message", kind)
        assert isinstance(await sender.send(at(channel), ALERT), Unreachable)
    sent(await sender.send(at(channel), ALERT))
    assert len(channel.received) == 1


async def test_who_is_refused_again_and_again_asks_no_more_for_a_while(
    discord: DiscordServer, sender: DiscordSender, caplog: pytest.LogCaptureFixture
) -> None:
    channel = discord.guild("Newsroom").text("news")
    sender._invalid = InvalidRequests(most=3, seconds=600)
    discord.fail_next("create_message", "missing_permissions", 100)
    outcomes = [await sender.send(at(channel), ALERT) for _ in range(6)]
    assert outcomes[:3] == [Gone("no-rights")] * 3
    for outcome in outcomes[3:]:
        assert isinstance(outcome, Throttled)
        assert outcome.everybody
        assert outcome.seconds == pytest.approx(600, abs=60)
    assert discord.counts["create_message"] == 3
    assert caplog.text.count("nothing is sent") == 1


# Forums


async def post(sender: DiscordSender, forum: Forum, message: Message = ALERT) -> Thread:
    message_id = sent(await sender.send(at(forum), message))
    thread = forum.posts[-1]
    assert message_id == f"{thread.id}/{thread.id}"
    return thread


async def test_a_forum_gets_a_post_with_the_tags_of_its_filters(discord: DiscordServer, sender: DiscordSender) -> None:
    forum = discord.guild("Newsroom").forum("alerts", "EUMAM", "Macron")
    thread = await post(sender, forum)
    assert (thread.name, thread.tags) == ("EU calls for instructors", ["EUMAM"])
    assert thread.first.embed["title"] == "EU calls for instructors"
    (button,) = thread.first.buttons[0]
    assert button.action == f"12@{forum.id}"


async def test_what_belongs_to_an_event_stands_in_its_post(discord: DiscordServer, sender: DiscordSender) -> None:
    forum = discord.guild("Newsroom").forum("alerts")
    thread = await post(sender, forum)
    first = f"{thread.id}/{thread.id}"
    later = replace(ALERT, key="a2-1800000000", reply_to=first)
    reply_id = sent(await sender.send(at(forum), later))
    assert forum.posts == [thread]
    assert [one.reply_to for one in thread.received] == [None, thread.id]
    assert reply_id == f"{thread.id}/{thread.received[1].id}"
    grown = replace(ALERT, card=replace(CARD, also=("Also", "Euractiv")))
    for message_id in (first, reply_id):
        assert await sender.edit(at(forum), message_id, grown) == Sent(message_id)
    assert all(one.embed["fields"] for one in thread.received)
    sent(await sender.send(at(forum), replace(ALERT, key="a3-1800000000", reply_to=reply_id)))
    assert len(thread.received) == 3


async def test_a_post_that_was_archived_is_opened_again_and_where_it_is_locked_or_gone_another_is_made(
    discord: DiscordServer, sender: DiscordSender
) -> None:
    forum = discord.guild("Newsroom").forum("alerts")
    thread = await post(sender, forum)
    first = f"{thread.id}/{thread.id}"
    thread.archive()
    assert await sender.edit(at(forum), first, ALERT) == Sent(first)
    assert (thread.archived, thread.first.edits) == (True, 0)
    sent(await sender.send(at(forum), replace(ALERT, key="a2-1", reply_to=first)))
    assert (thread.archived, len(thread.received)) == (False, 2)
    thread.archive(locked=True)
    sent(await sender.send(at(forum), replace(ALERT, key="a3-1", reply_to=first)))
    assert len(forum.posts) == 2
    thread.delete()
    sent(await sender.send(at(forum), replace(ALERT, key="a4-1", reply_to=first)))
    assert len(forum.posts) == 2
    assert await sender.edit(at(forum), first, ALERT) == Missing()


@pytest.mark.parametrize("plainly", [pytest.param(False, id="formatted"), pytest.param(True, id="plain")])
async def test_of_posts_whose_answers_are_lost_none_is_made_twice(
    discord: DiscordServer, sender: DiscordSender, plainly: bool
) -> None:
    forum = discord.guild("Newsroom").forum("alerts")
    for number in range(20):
        # All of one headline, so that nothing but its key tells one from another.
        message = replace(ALERT, key=f"a{number}-1800000000", plain=plainly)
        discord.fail_next("create_thread", "drop_after")
        lost = await sender.send(at(forum), message)
        assert isinstance(lost, Unreachable)
        assert lost.reached
        if number % 3 == 0:
            forum.posts[number].archive()
        if number % 2:  # the try again is another process's
            await sender.close()
            sender = DiscordSender(discord.token, discord.api_url, questions=AT_ONCE)
        assert sent(await sender.send(at(forum), message)) == f"{forum.posts[number].id}/{forum.posts[number].id}"
    await sender.close()
    assert len(forum.posts) == 20


async def test_a_post_that_nobody_can_have_made_before_is_not_looked_for(
    discord: DiscordServer, sender: DiscordSender
) -> None:
    forum = discord.guild("Newsroom").forum("alerts")
    fresh = replace(ALERT, fresh=True)
    sent(await sender.send(at(forum), fresh))
    assert discord.counts["get_active_guild_threads"] == 0
    again = replace(fresh, key="a2-1800000000")
    discord.fail_next("create_thread", "drop_after")
    assert isinstance(await sender.send(at(forum), again), Unreachable)
    assert sent(await sender.send(at(forum), again)) == f"{forum.posts[1].id}/{forum.posts[1].id}"
    assert len(forum.posts) == 2, "its answer was lost, so it was looked for"


async def test_questions_are_asked_no_faster_than_they_may_be(
    discord: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.on_discord.sender._QUESTION_PATIENCE", 0.2)
    forum = discord.guild("Newsroom").forum("events")
    slow = DiscordSender(discord.token, discord.api_url, questions=Rate(0.05, tolerance=0.1))
    try:
        outcomes = await asyncio.gather(*(slow.send(at(forum), replace(ALERT, key=f"a{n}-1")) for n in range(12)))
    finally:
        await slow.close()
    waiting = [outcome for outcome in outcomes if isinstance(outcome, Throttled)]
    assert len(waiting) > 2, "who would wait longer makes room"
    assert all(outcome.seconds > 0.2 and outcome.everybody is False for outcome in waiting)
    assert len(forum.posts) == len(outcomes) - len(waiting)


async def test_a_digests_post_is_known_again_too(discord: DiscordServer, sender: DiscordSender) -> None:
    forum = discord.guild("Newsroom").forum("alerts")
    digest = Message((Piece("Two alerts\n"), Piece("one", link="https://a.example/"), Piece("x" * 2500)), key="d1")
    discord.fail_next("create_thread", "drop_after")
    assert isinstance(await sender.send(at(forum), digest), Unreachable)
    sent(await sender.send(at(forum), digest))
    assert len(forum.posts) == 1


@pytest.mark.parametrize(
    ("operation", "kind", "outcome"),
    [
        pytest.param("get_channel", "bad_gateway_html", Unreachable("Discord: 502"), id="the forum is not known"),
        pytest.param("get_my_user", "internal_error", Unreachable("Discord: 500"), id="nor who we are"),
        pytest.param(
            "get_active_guild_threads", "garbage", Unreachable("not an answer of Discord's"), id="nor its posts"
        ),
        pytest.param("list_public_archived_threads", "flood", Throttled(1.0, everybody=False), id="nor older ones"),
        pytest.param("create_thread", "missing_permissions", Gone("no-rights"), id="no post may be made"),
        pytest.param("create_thread", "unknown_channel", Gone("channel-not-found"), id="it was deleted"),
    ],
)
async def test_where_posts_cannot_be_looked_for_none_is_made_and_nothing_has_arrived(
    discord: DiscordServer, sender: DiscordSender, operation: str, kind: Kind, outcome: Outcome
) -> None:
    forum = discord.guild("Newsroom").forum("alerts")
    discord.fail_next(operation, kind)
    assert await sender.send(at(forum), ALERT) == outcome
    assert forum.posts == []


async def test_a_post_that_cannot_be_read_is_asked_for_again(discord: DiscordServer, sender: DiscordSender) -> None:
    forum = discord.guild("Newsroom").forum("alerts")
    await post(sender, forum)
    discord.fail_next("get_message", "internal_error")
    assert await sender.send(at(forum), ALERT) == Unreachable("Discord: 500")
    sent(await sender.send(at(forum), ALERT))
    assert len(forum.posts) == 1


async def test_who_may_not_read_older_posts_gets_an_alert_all_the_same(
    discord: DiscordServer, sender: DiscordSender
) -> None:
    forum = discord.guild("Newsroom").forum("alerts")
    forum.take("read_message_history")
    await post(sender, forum)


async def test_others_posts_of_the_same_name_are_not_ours(discord: DiscordServer, sender: DiscordSender) -> None:
    guild = discord.guild("Newsroom")
    forum = guild.forum("alerts")
    forum.thread("EU calls for instructors", owner=guild.owner)
    guild.text("news").thread("EU calls for instructors", owner=discord.bot)
    await post(sender, forum)
    assert len(forum.posts) == 2


async def test_a_forum_that_wants_a_tag_gets_one(discord: DiscordServer, sender: DiscordSender) -> None:
    forum = discord.guild("Newsroom").forum("alerts", "News", requires_tag=True)
    assert (await post(sender, forum)).tags == ["News"]
    tagless = discord.guild("Elsewhere").forum("alerts", requires_tag=True)
    assert await sender.send(at(tagless), ALERT) == Gone("tag-required")


async def test_what_takes_no_messages_and_is_no_forum_is_gone(discord: DiscordServer, sender: DiscordSender) -> None:
    channel = discord.guild("Newsroom").text("category")
    discord.fail_next("create_message", "error", status=400, code=50008, message="Cannot send messages here")
    assert await sender.send(at(channel), ALERT) == Gone("no-text-channel")


async def test_a_digest_that_has_no_room_without_formatting_is_rejected_without_a_request(
    discord: DiscordServer, sender: DiscordSender
) -> None:
    channel = discord.guild("Newsroom").text("news")
    long = Message(plain("x" * 3000), plain=True)
    assert await sender.send(at(channel), long) == Rejected("too long without formatting")
    assert await sender.edit(at(channel), "1", long) == Rejected("too long without formatting")
    assert discord.counts == {}


async def test_all_the_requests_of_a_post_have_one_deadline(discord: DiscordServer, hurried: DiscordSender) -> None:
    forum = discord.guild("Newsroom").forum("alerts")
    discord.delay = 0.2  # for each of them
    async with asyncio.timeout(20):
        outcome = await hurried.send(at(forum), ALERT)
    assert outcome in (Unreachable("timeout"), Unreachable("timeout", reached=True))

"""What is said on Discord where that differs from elsewhere: servers, their channels, both platforms at once.

What every platform has in common is in the tests of conversations, which run on each.
"""

from pathlib import Path

import pytest

from support.discord_server import GuildChannel, TextChannel
from support.outlets import Feed
from support.world import World, until


async def subscribed(world: World, *queries: str) -> tuple[TextChannel, Feed]:
    """A server's channel whose owner has it follow a feed."""
    feed = world.feed("/news", title="The Ledger")
    room = world.discord.guild("Newsroom").text("general")
    owner = room.guild.owner
    assert await world.discord.until(lambda: bool(world.discord.commands))
    assert "You now follow" in await owner.slash(room, "sub", feed=feed.url)
    for query in queries or ("EUMAM",):
        assert "is set" in str(await owner.slash(room, "watch", keywords=query)).replace("**", "")
    return room, feed


async def test_an_alert_comes_to_the_channel_and_its_buttons_work_after_a_restart(tmp_path: Path) -> None:
    async with World.opened(tmp_path, "discord") as world:
        room, feed = await subscribed(world)
        feed.publish(title="EUMAM moves to Lviv", summary="Forty instructors came.")
        alert = await room.next_message()
        assert alert.embed["title"] == "EUMAM moves to Lviv"
        await world.settled()
        bob = world.discord.person("Bob")
        why = await bob.message_command(alert, "Why this alert?")
        assert "matches" in why
        assert why.ephemeral
        await world.restart()
        label = next(label for label in alert.labels if "event" in label.lower())
        assert "Only this chat's administrators" in await bob.press(alert, label)
        muted = await room.guild.owner.press(alert, label)
        assert "nothing more of this event comes" in muted
        assert not muted.ephemeral
        assert "No longer muted" in await room.guild.owner.press(muted.message, "Undo")


@pytest.mark.parametrize("how", ["in the channel", "to its role", "with another role"])
async def test_what_was_refused_for_want_of_rights_comes_once_they_are_given_without_a_word(
    tmp_path: Path, how: str
) -> None:
    async with World.opened(tmp_path, "discord") as world:
        room, feed = await subscribed(world)
        if how == "in the channel":
            room.take("send_messages")
        else:
            room.guild.take("send_messages")
        feed.publish(title="EUMAM moves to Lviv")
        await until(lambda: world.rows("SELECT gone FROM chats") == [("no-rights",)], "it is not refused")
        room.rename("newsroom")
        await world.settled()
        match how:
            case "in the channel":
                room.give("send_messages")
            case "to its role":
                room.guild.give("send_messages")
            case _:
                room.guild.promote("send_messages")
        assert (await room.next_message()).embed["title"] == "EUMAM moves to Lviv"
        await until(lambda: world.rows("SELECT gone FROM chats") == [("",)], "it has not returned")


async def test_status_says_what_keeps_alerts_from_a_channel_and_what_to_do(tmp_path: Path) -> None:
    async with World.opened(tmp_path, "discord") as world:
        room, feed = await subscribed(world)
        owner = room.guild.owner
        assert "I lack" not in await owner.slash(room, "status")
        room.take("send_messages")
        feed.publish(title="EUMAM moves to Lviv")
        await until(lambda: world.rows("SELECT gone FROM chats") == [("no-rights",)], "it is not refused")
        told = await owner.slash(room, "status")
        assert "Nothing can be sent here" in told
        assert "I lack Send Messages. Grant it" in told
        assert "1 waiting" in told


async def test_what_was_refused_in_a_thread_that_is_closed_comes_once_it_is_opened(tmp_path: Path) -> None:
    async with World.opened(tmp_path, "discord") as world:
        room, feed = await subscribed(world)
        thread = room.thread("Talk")
        await room.guild.owner.slash(thread, "sub", feed=feed.url)
        await room.guild.owner.slash(thread, "watch", keywords="EUMAM")
        thread.archive(locked=True)
        feed.publish(title="EUMAM moves to Lviv")
        await until(lambda: bool(world.rows("SELECT 1 FROM chats WHERE gone != ''")), "it is not refused")
        thread.reopen()
        assert (await thread.next_message()).embed["title"] == "EUMAM moves to Lviv"


async def test_a_forum_is_subscribed_from_another_channel_and_each_event_is_a_post(tmp_path: Path) -> None:
    async with World.opened(tmp_path, "discord") as world:
        room, feed = await subscribed(world)
        owner, forum = room.guild.owner, room.guild.forum("events", "EUMAM")
        await owner.slash(room, "sub", feed=feed.url, channel=forum)
        await owner.slash(room, "watch", keywords="EUMAM", channel=forum)
        feed.publish(title="EUMAM moves to Lviv")
        post = await forum.next_post()
        assert (post.name, post.tags) == ("EUMAM moves to Lviv", ["EUMAM"])
        await world.settled()
        assert "matches" in await owner.message_command(post.first, "Why this alert?")
        label = next(label for label in post.first.labels if "event" in label.lower())
        assert "nothing more of this event comes" in await owner.press(post.first, label)
        muted = await owner.slash(room, "unmute", channel=forum)
        assert "EUMAM moves to Lviv" in muted
        assert "Nothing is muted" in await owner.slash(room, "unmute")


async def test_in_a_post_and_a_thread_it_is_they_that_are_subscribed(tmp_path: Path) -> None:
    async with World.opened(tmp_path, "discord") as world:
        room, feed = await subscribed(world)
        owner = room.guild.owner
        thread, post = room.thread("Talk"), room.guild.forum("events").thread("My own")
        places: tuple[GuildChannel, ...] = (thread, post)
        for place in places:
            assert "no feed yet" in await owner.slash(place, "list")
            await owner.slash(place, "sub", feed=feed.url)
            await owner.slash(place, "watch", keywords="EUMAM")
        feed.publish(title="EUMAM moves")
        for place in (room, *places):
            assert (await place.next_message()).embed["title"] == "EUMAM moves"


async def test_a_server_that_removes_the_bot_is_paused_and_finds_everything_on_its_return(tmp_path: Path) -> None:
    async with World.opened(tmp_path, "discord") as world:
        room, feed = await subscribed(world)
        room.guild.remove_bot()
        await until(lambda: world.rows("SELECT gone FROM chats") == [("removed",)], "it is not noticed")
        feed.publish(title="EUMAM moves")
        await world.quiet(feed)
        assert room.count == 0
        room.guild.add_bot()
        assert (await room.next_message()).embed["title"] == "EUMAM moves"
        assert "EUMAM" in await room.guild.owner.slash(room, "filters")


async def test_a_server_that_comes_back_while_the_bot_is_down_finds_everything_too(tmp_path: Path) -> None:
    async with World.opened(tmp_path, "discord") as world:
        room, feed = await subscribed(world)
        room.guild.remove_bot()
        await until(lambda: world.rows("SELECT gone FROM chats") == [("removed",)], "it is not noticed")
        await world.stop()
        room.guild.add_bot()
        await world.start()
        feed.publish(title="EUMAM moves")
        assert (await room.next_message()).embed["title"] == "EUMAM moves"


async def test_a_server_that_removes_the_bot_while_that_is_down_is_found_to_have_done_so(tmp_path: Path) -> None:
    async with World.opened(tmp_path, "discord") as world:
        room, feed = await subscribed(world)
        bob = world.discord.person("Bob")
        await bob.slash(bob.dm, "sub", feed=feed.url)
        await bob.slash(bob.dm, "watch", keywords="EUMAM")
        await world.stop()
        room.guild.remove_bot()
        await world.start()
        await until(lambda: ("removed",) in world.rows("SELECT gone FROM chats"), "it is not noticed")
        feed.publish(title="EUMAM moves")
        assert (await bob.dm.next_message()).embed["title"] == "EUMAM moves", "direct messages are of no server"
        assert room.count == 0
        assert world.rows("SELECT gone FROM chats ORDER BY id") == [("removed",), ("",)]
        room.guild.add_bot()
        assert (await room.next_message()).embed["title"] == "EUMAM moves"


async def test_a_channel_that_is_deleted_is_told_nothing_any_more(tmp_path: Path) -> None:
    async with World.opened(tmp_path, "discord") as world:
        room, _ = await subscribed(world)
        room.delete()
        await until(lambda: world.rows("SELECT gone FROM chats") == [("topic-deleted",)], "it is not noticed")


async def test_what_an_operator_uses_in_a_server_lets_the_server_in(tmp_path: Path) -> None:
    async with World.opened(tmp_path, "discord", running=False, access="private") as world:
        alice = world.discord.person("Alice")
        guild = world.discord.guild("Newsroom", owner=alice)
        room, other, bob = guild.text("general"), guild.text("other"), world.discord.person("Bob")
        world.changes["operators"] = f"discord:{alice.id}"
        await world.start()
        assert await world.discord.until(lambda: bool(world.discord.commands))
        assert "serves its operators only" in await bob.slash(room, "list")
        assert "serves its operators only" in await bob.slash(bob.dm, "list")
        assert "Tocsin" in await alice.slash(room, "start")
        assert "no feed yet" in await bob.slash(room, "list")
        assert "no feed yet" in await bob.slash(other, "list")


async def test_the_first_operator_claims_the_instance_in_direct_messages(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with World.opened(tmp_path, "discord", access="private") as world:
        alice = world.discord.person("Alice")
        room = world.discord.guild("Newsroom", owner=alice).text("general")
        assert await world.discord.until(lambda: bool(world.discord.commands))
        (told,) = (record.getMessage() for record in caplog.records if "/claim" in record.message)
        assert "in direct messages on Discord" in told
        code = told.rpartition(" ")[2]
        assert "in a private chat" in await alice.slash(room, "claim", code=code)
        assert "You are this bot's operator now" in await alice.slash(alice.dm, "claim", code=code)


async def test_commands_propose_what_the_chat_has(tmp_path: Path) -> None:
    async with World.opened(tmp_path, "discord") as world:
        room, _ = await subscribed(world, "EUMAM", "military instructors")
        owner = room.guild.owner
        assert [tuple(one) for one in await owner.autocomplete(room, "unwatch", filter="mil")] == [
            ("#2 military instructors", "2")
        ]
        assert ("all", "all") in await owner.autocomplete(room, "mode", focused="filter", filter="")
        assert [tuple(one) for one in await owner.autocomplete(room, "unsub", feed="ledger")] == [
            ("1. The Ledger", "1")
        ]
        assert "Ukrinform" in (await owner.autocomplete(room, "sub", feed="ukrinf"))[0].name
        assert ("watch") in [one.value for one in await owner.autocomplete(room, "help", command="wat")]
        await owner.slash(room, "mute", what="sport", duration="24h")
        assert (await owner.autocomplete(room, "unmute", what=""))[0].name == "1 sport"
        assert await owner.autocomplete(owner.dm, "unwatch", filter="") == []


async def test_every_feed_that_is_proposed_can_be_unfollowed_whatever_its_address(tmp_path: Path) -> None:
    async with World.opened(tmp_path, "discord") as world:
        alice = world.discord.person("Alice")
        short, long = world.feed("/news", title="Short"), world.feed("/" + "military-assistance" * 8, title="Long")
        assert await world.discord.until(lambda: bool(world.discord.commands))
        secret = short.url.replace("http://", "http://me:secret@")
        for url in (secret, long.url):
            assert "You now follow" in await alice.slash(alice.dm, "sub", feed=url)
        proposed = await alice.autocomplete(alice.dm, "unsub", feed="")
        assert [tuple(one) for one in proposed] == [("1. Short", "1"), ("2. Long", "2")]
        (found,) = await alice.autocomplete(alice.dm, "unsub", feed="/military")
        assert "no longer follow Long" in str(await alice.slash(alice.dm, "unsub", feed=found.value)).replace("**", "")
        assert await alice.autocomplete(alice.dm, "unsub", feed="secret") == [], "passwords are not shown"
        assert "no longer follow Short" in str(await alice.slash(alice.dm, "unsub", feed=short.url)).replace("**", "")


async def test_a_field_for_a_span_that_holds_none_is_refused_and_its_words_are_not_muted(tmp_path: Path) -> None:
    async with World.opened(tmp_path, "discord") as world:
        room, _ = await subscribed(world, "EUMAM")
        owner = room.guild.owner
        refused = await owner.slash(room, "mute", what="sport", duration="tomorrow")
        assert "“tomorrow” is no span of time" in refused
        assert refused.ephemeral
        assert "Nothing is muted" in await owner.slash(room, "unmute")
        assert "Muted until" in await owner.slash(room, "mute", what="sport", duration="2 weeks")


async def test_both_platforms_are_served_by_one_process(tmp_path: Path) -> None:
    async with World.opened(tmp_path, "telegram", "discord") as world:
        feed = world.feed("/news")
        chats = [await world.reading("Alice", feed, "EUMAM", platform=one) for one in ("telegram", "discord")]
        feed.publish(title="EUMAM moves")
        for chat in chats:
            assert "EUMAM moves" in (await chat.next_message()).text


async def test_the_failure_of_one_platform_is_named_on_the_other_which_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with World.opened(tmp_path, "telegram", "discord", discord_bot_token="MTEw.another.token") as world:
        feed = world.feed("/news")
        chat = await world.reading("Alice", feed, "EUMAM", platform="telegram")
        assert world.bot is not None
        await until(lambda: world.bot is not None and world.bot.fronts["discord"].state == "unauthorized", "it serves")
        assert "⚠ discord: unauthorized." in await chat.say("/status")
        feed.publish(title="EUMAM moves")
        assert "EUMAM moves" in (await chat.next_message()).text
    assert "Discord refuses the token" in caplog.text


async def test_a_wrong_token_on_telegram_leaves_discord_working(tmp_path: Path) -> None:
    async with World.opened(tmp_path, "telegram", "discord", telegram_bot_token="7000000001:AAnother_token") as world:
        chat = await world.reading("Alice", world.feed("/news"), platform="discord")
        await until(lambda: world.bot is not None and world.bot.fronts["telegram"].state == "unauthorized", "it serves")
        assert "⚠ telegram: unauthorized." in await chat.say("/status")

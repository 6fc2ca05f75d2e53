"""When and how people want to be told, as they say it in chat, and what they then get; on Telegram, over real HTTP."""

import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from support.fronts import on_each
from support.outlets import Feed
from support.telegram_server import PrivateChat
from support.world import World, until


def clock(after: float) -> str:
    """The time of day in UTC, so many minutes from now, as it is typed."""
    return (datetime.fromtimestamp(time.time(), UTC) + timedelta(minutes=after)).strftime("%H:%M")


NOW_AND_LATER = (-60.0, 120.0)  # minutes: quiet hours that a test runs in, whenever it runs


async def reader(world: World, *queries: str) -> tuple[PrivateChat, Feed]:
    feed = world.feed("/news", title="The Meridian Ledger")
    return await world.watching("Alice", feed, *(queries or ("EUMAM",))), feed


ANSWERS = [
    pytest.param("/timezone", "Say where your clocks are (now: UTC, ", id="timezone without argument"),
    pytest.param("/timezone Atlantis", "There is no time zone “Atlantis”", id="no zone"),
    pytest.param("/timezone Europe/Kyiv", "Your time zone is Europe/Kyiv: it is ", id="an IANA name"),
    pytest.param("/timezone київ", "Your time zone is Europe/Kyiv", id="a city in another language"),
    pytest.param("/timezone new york", "Your time zone is America/New_York", id="a city of two words"),
    pytest.param("/timezone GMT +5:30", "Your time zone is UTC+5:30: it is ", id="an offset"),
    pytest.param("/quiet", "(now: none): /quiet 22:00-07:00", id="quiet without argument"),
    pytest.param("/quiet never mind", "“never mind” are no hours", id="no hours"),
    pytest.param("/quiet 10 pm to 7 am", "Quiet from now on at 22:00-07:00 (UTC)", id="hours as people say them"),
    pytest.param("/quiet 10-11pm", "Quiet from now on at 22:00-23:00 (UTC)", id="hours of one half of the day"),
    pytest.param("/quiet off", "No quiet hours any more", id="no quiet hours"),
    pytest.param("/digest", "(now: none): /digest 08:00", id="digest without argument"),
    pytest.param("/digest 25:00", "“25:00” is no time of day", id="no time"),
    pytest.param("/digest 8", "The digest comes at 08:00 (UTC), but there is no filter yet: /watch", id="a time"),
    pytest.param("/digest off", "No digest comes any more.", id="no digest"),
    pytest.param("/mode", "Say which filter, and how it tells: /mode 2 silent", id="mode without argument"),
    pytest.param("/mode 1 loud", "instant, silent or digest", id="no mode"),
    pytest.param("/mode 7 silent", "There is no filter “7” here", id="no filter"),
    pytest.param("/mute", "Say what to mute: /mute sport 24h", id="mute without argument"),
    pytest.param("/mute ,", "Say what to mute: /mute sport 24h", id="mute nothing but a comma"),
    pytest.param("/mute -sport", "Say what to match as well", id="only what not to match"),
    pytest.param("/mute sport", "Muted: sport. What matches is discarded, until /unmute 1", id="a word"),
    pytest.param("/mute lemonde.fr 24h", "source:lemonde.fr. What matches is discarded.", id="an outlet, for a day"),
    pytest.param("/mute sport 24 hours", "sport. What matches is discarded.", id="for a day, in words"),
    pytest.param("/mute EUMAM 2 years", "“2 years” is no span of time: /mute EUMAM 24h", id="another unit"),
    pytest.param("/mute EUMAM 0h", "“0h” is no span of time: ", id="a span that is none"),
    pytest.param("/mute (EUMAM", "Write: /mute ", id="a query that is none"),
    pytest.param("/mute event:7", "That event is no longer stored", id="an event that is none"),
    pytest.param("/mute event:" + "9" * 30, "That event is no longer stored", id="a number that is none"),
    pytest.param("/unmute", "Nothing is muted. /mute sport 24h", id="nothing is muted"),
    pytest.param("/unmute 4", "“4” is not muted here", id="unmute unknown"),
    pytest.param("/unmute (", "“(” is not muted here", id="unmute nonsense"),
    pytest.param("/settings", "Quiet hours: none\nDigest: none\nMuted: 0", id="settings of a stranger"),
]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("platform", "said", "answer"), on_each(ANSWERS))
async def test_each_answer_is_the_one_that_helps(everywhere: World, platform: str, said: str, answer: str) -> None:
    assert answer in await (await everywhere.stranger(platform)).say(said)


async def test_a_chats_times_are_those_of_its_clocks(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        chat, feed = await reader(world)
        await chat.say("/timezone Asia/Tokyo")
        published = time.time()
        feed.publish(title="EUMAM counts", published=published)
        there = datetime.fromtimestamp(published, UTC) + timedelta(hours=9)
        assert there.strftime("%H:%M") in (await chat.next_message()).text
        assert "Time zone: Asia/Tokyo" in await chat.say("/settings")


async def test_what_comes_in_quiet_hours_is_held_and_says_so_when_it_comes(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        chat, feed = await reader(world)
        begin, end = (clock(minutes) for minutes in NOW_AND_LATER)
        assert f"{begin}-{end}" in await chat.say(f"/quiet {begin}-{end}")
        feed.publish(title="EUMAM at night")
        await until(lambda: bool(world.rows("SELECT 1 FROM alerts WHERE state = 'held'")), "the alert is not held")
        told = await chat.say("/status")
        assert "0 sent (last: never), 1 waiting" in told
        assert re.search(rf"It is held for your quiet hours, until .*{end}", told)
        assert "No quiet hours any more" in await chat.say("/quiet off")
        alert = await chat.next_message()
        assert re.match(r"🌙 held since .*, quiet hours\nEUMAM at night\n", alert.text)


async def test_a_silent_filter_makes_no_sound(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        chat, feed = await reader(world, "EUMAM", "coalition")
        assert "Filter #1 (EUMAM): what matches comes at once, without a sound." in await chat.say("/mode 1 silent")
        assert "#1 EUMAM – 0 / 0, silent\n#2 coalition – 0 / 0" in await chat.say("/filters")
        feed.publish(title="EUMAM counts")
        assert (await chat.next_message()).silent
        feed.publish(title="A coalition grows")
        assert not (await chat.next_message()).silent


async def test_a_filter_in_digest_mode_tells_in_one_message_when_the_time_has_come(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        chat, feed = await reader(world)
        asked = await chat.say("/mode all digest")
        assert "what matches comes once a day, at 08:00" in asked
        assert "so it is 08:00 now (UTC). Another: /digest 18:00" in asked
        assert chat.received[-1].labels == ["07:00", "12:00", "18:00"]
        await chat.say(f"/digest {clock(120)}")
        feed.publish(title="EUMAM one")
        feed.publish(title="EUMAM two")
        held = "SELECT 1 FROM alerts WHERE state = 'held' AND held = 'digest'"
        await until(lambda: len(world.rows(held)) == 2, "the alerts are not held")
        assert "2 of them are held for your digest" in await chat.say("/status")
        await world.stop()
        held_since_yesterday = "made_at = made_at - 86400, held_until = held_until - 86400"
        world.change(f"UPDATE alerts SET {held_since_yesterday} WHERE state = 'held'")
        await world.start()
        digest = await chat.next_message()
        assert digest.text.startswith("🗞 2 alerts that waited, newest first\n\n▸ EUMAM\n• EUMAM ")
        assert "#1 EUMAM – 2 / 2, digest" in await chat.say("/filters")
        assert "the filter that was in it tells at once" in await chat.say("/digest off")
        assert "digest" not in await chat.say("/filters")
        told_now = await chat.say("/settings")
        assert "Digest: none" in told_now
        assert "in the digest" not in told_now


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("no-rights", "I may not write. Let me"),
        ("write-forbidden", "I may not write. Let me"),
        ("no-access", "I cannot see this channel. Let me see it"),
        ("topic-closed", "this thread is closed. Open it again"),
        ("tag-required", "each post must have a tag"),
        ("direct-messages-closed", "Allow them"),
        ("blocked", "Nothing could be sent here (blocked). What waits is tried again now."),
    ],
)
async def test_status_says_that_nothing_can_be_sent_why_and_what_to_do(tmp_path: Path, why: str, said: str) -> None:
    async with World.opened(tmp_path) as world:
        chat, _ = await reader(world)
        world.change(f"UPDATE chats SET gone = '{why}', gone_at = 1800000000")
        told = await chat.say("/status")
        assert said in told
        assert "It has been so since" in told
        assert "At work" not in told
        assert "At work" in await chat.say("/status"), "it was heard of, so it is tried"
        world.change(f"UPDATE chats SET gone = '{why}', gone_at = NULL, paused = 1")
        told = await chat.say("/status")
        assert "Paused." in told
        assert said in told
        assert "It has been so since" not in told


async def test_what_is_muted_is_discarded_and_counted_until_it_is_unmuted(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        chat, feed = await reader(world)
        assert "Muted: sports. What" in await chat.say("/mute sports")
        feed.publish(title="EUMAM and the sport")
        await until(lambda: bool(world.rows("SELECT 1 FROM alerts WHERE state = 'muted'")), "it is not discarded")
        assert "1 sports – 1 discarded" in await chat.say("/unmute")
        assert "One alert was discarded, for it is muted" in await chat.say("/status")
        assert "One alert was discarded for it" in await chat.say("/unmute sports")
        assert "One alert was discarded while it was muted." in await chat.say("/status")
        feed.publish(title="EUMAM and sport again")
        assert "sport again" in (await chat.next_message()).text
        assert "Muted: sports. What" in await chat.press("Mute again")


async def test_a_mute_is_ended_in_whatever_case_and_is_taken_up_again_for_as_long_as_it_had(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        chat = world.private("Alice")
        await chat.say("/mute Sport 24h")
        assert "No longer muted: Sport." in await chat.say("/unmute sport")
        assert "Muted until" in await chat.press("Mute again")
        await chat.say("/mute WHO")
        await chat.say("/mute who")
        assert "No longer muted: who." in await chat.say("/unmute who")
        assert "No longer muted: WHO." in await chat.say("/unmute WHO")


async def test_an_alert_has_buttons_that_mute_each_with_undo(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        chat, feed = await reader(world)
        feed.publish(title="EUMAM counts", url="https://meridian.example/counts")
        alert = await chat.next_message()
        assert [[button.label for button in row] for row in alert.buttons] == [
            ["🔇 EUMAM", "🔇 The Meridian Ledger", "🔇 this event"]
        ]
        for label, answer, undone in (
            ("🔇 EUMAM", "Muted: EUMAM. What", "No longer muted: EUMAM."),
            ("🔇 The Meridian Ledger", 'Muted: source:"The Meridian Ledger". What', "No longer muted"),
            (
                "🔇 this event",
                "Muted: nothing more of this event comes (EUMAM counts)",
                "No longer muted: EUMAM counts.",
            ),
        ):
            assert answer in await chat.press(label)
            assert undone in await chat.press("Undo")
        (began,) = world.rows("SELECT max(first_seen) FROM events")[0]
        await chat.press("🔇 this event")
        assert world.rows("SELECT until FROM mutes") == [(began + 96 * 3_600,)]
        assert "4 EUMAM counts, until " in await chat.say("/unmute")
        assert "“1” is not muted here" in await chat.say("/unmute 1"), "it was another's number"
        assert "No longer muted" in await chat.say("/unmute 4")
        assert "Nothing is muted" in await chat.say("/unmute")


async def test_an_event_without_a_headline_is_called_by_its_lead(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        chat, feed = await reader(world)
        feed.publish(title="", summary="EUMAM counts its graduates", url="https://meridian.example/counts")
        await chat.next_message()
        assert "nothing more of this event comes (EUMAM counts its graduates)" in await chat.press("🔇 this event")
        assert "1 EUMAM counts its graduates, until " in await chat.say("/unmute")
        assert "No longer muted: EUMAM counts its graduates." in await chat.press("Undo")


async def test_an_outlet_is_muted_and_unmuted_by_its_name(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        chat, _ = await reader(world)
        assert 'Muted: source:"The Meridian Ledger". What' in await chat.say("/mute the meridian ledger")
        assert "No longer muted" in await chat.say("/unmute The Meridian Ledger")


async def test_what_may_be_words_or_an_outlets_name_is_asked_for(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news", title="Le Monde.fr - Actualités et Infos")
        chat = await world.watching("Alice", feed, "EUMAM")
        asked = "“le monde” may be words, or the name of an outlet that you follow."
        assert asked in await chat.say("/mute le monde 24h")
        assert "Nothing is muted" in await chat.say("/unmute")
        assert "Muted until" in await chat.press("The outlet: le monde")
        feed.publish(title="EUMAM, le monde entier regarde")
        await until(lambda: bool(world.rows("SELECT 1 FROM alerts WHERE state = 'muted'")), "it is not discarded")
        assert 'No longer muted: source:"le monde". One alert' in await chat.say("/unmute Le Monde")
        assert asked in await chat.say("/mute le monde")
        assert "Muted: le monde. What" in await chat.press("The words: le monde")


async def test_the_menu_of_settings_changes_them(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        chat, _ = await reader(world)
        await chat.say("/settings")
        assert chat.received[-1].labels[:3] == ["Pause", "Quiet 22:00-07:00", "Digest 08:00"]
        for label in ("Pause", "Quiet 22:00-07:00", "Digest 08:00", "Kyiv", "All silent", "What is muted"):
            assert await chat.press(label)
        told = await chat.say("/settings")
        for line in ("paused", "Europe/Kyiv", "22:00-07:00", "Digest: 08:00", "without a sound: 1"):
            assert line in told
        assert chat.received[-1].labels[:3] == ["Resume", "quiet off", "digest off"]
        assert "No quiet hours" in await chat.press("quiet off")


async def test_only_so_much_is_muted(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        chat = world.private("Alice")
        await chat.say("/mute sport")
        world.change(
            """WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
               INSERT INTO mutes (chat_id, number, query, name, since) SELECT 1, i, 'word' || i, '', 0 FROM n""",
        )
        assert "may have 100 mutes at most" in await chat.say("/mute another")
        assert "Muted until" in await chat.say("/mute sport 24h"), "what is muted already may be so until another time"
        world.change("UPDATE mutes SET name = number || '. ' || substr(hex(zeroblob(100)), 1, 100)")
        said = [await chat.say(line) for line in ("/unmute", *(f"/unmute page {page}" for page in (2, 3, 4, 5)))]
        listed = [int(number) for page in said for number in re.findall(r"^\d+ (\d+)\. 0", page, re.MULTILINE)]
        assert listed == list(range(1, 101))
        assert "… and 80 more: /unmute page 2" in said[0]
        assert "more" not in said[-1]
        assert "“6” is no page from 1 to 5: /unmute page 1" in await chat.say("/unmute page 6")

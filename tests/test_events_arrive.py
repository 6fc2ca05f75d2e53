"""Events and articles through the whole line: who is alerted when, and what alerts come to say."""

import asyncio
from pathlib import Path

import pytest

from support.outlets import Feed
from support.telegram_chats import PrivateChat
from support.world import World, until

LEAD = ("Defence ministers agreed on Tuesday in Brussels to send military instructors to the Lviv region in December.",)
PAGE = """<html lang="en"><head><title>Ministers agree on instructors for Lviv</title></head><body>
<nav><a href="/a">EUMAM dossier</a> <a href="/b">Sport</a></nav>
<article><h1>Ministers agree on instructors for Lviv</h1>
<p>Defence ministers agreed on Tuesday in Brussels to send military instructors to the Lviv region in December. The
decision follows weeks of talks among eleven countries over the length of the stay and over who is to pay for it.</p>
<p>Officials said that the first group would number four hundred. They are to work at two ranges that are far from the
front, and to stay until the end of next year, unless the parliaments of their countries decide otherwise.</p>
<p>Opposition parties asked for a vote before anybody leaves. A date for it was not named on Tuesday evening.</p>
<p>The headquarters of EUMAM will plan the courses, the ministers wrote in a note to their parliaments.</p></article>
<aside><h2>More</h2><a href="/x">Nurses strike in the south</a></aside></body></html>"""


async def following(world: World, name: str, feeds: list[Feed], query: str) -> PrivateChat:
    chat = world.private(name)
    for feed in feeds:
        assert "You now follow" in await chat.say(f"/sub {feed.url}")
    await chat.say(f"/watch {query}")
    return chat


async def test_the_model_case(tmp_path: Path) -> None:
    """A lead that matches is alerted at once, the article's last paragraph after it, and repetitions edit."""
    async with World.opened(tmp_path) as world:
        names = ["Courier", "Herald", "Ledger", "Mercury"]
        feeds = [world.feed(f"/{name.lower()}", title=name, language="en") for name in names]
        page = world.outlets.page("/courier/ministers-agree-on-instructors-4711", PAGE)
        asked = asyncio.Event()
        page.waits(asked)
        readers = await following(world, "Readers", feeds, "military instructors")
        watchers = await following(world, "Watchers", feeds, "EUMAM")
        for feed in feeds:
            await world.quiet(feed, polls=1)
        title = "Ministers agree to send military instructors to Lviv in December"
        feeds[0].publish(title, LEAD[0], url=page.url)
        alert = await readers.next_message()
        assert "▸ military instructors, in the title, the lead" in alert.text
        assert not [one for one in watchers.received if "▸" in one.text], "the page was not read yet"

        asked.set()
        found = await watchers.next_message()
        assert "▸ EUMAM, in the article's text" in found.text
        assert "The headquarters of EUMAM will plan the courses" in found.text
        assert len([one for one in readers.received if "▸" in one.text]) == 1

        others = [
            "EU ministers to send military instructors to Lviv region in December",
            "Military instructors will go to Lviv in December, ministers agree in Brussels",
            "Ministers agree in Brussels: military instructors to be sent to Lviv in December",
        ]
        for feed, headline in zip(feeds[1:], others, strict=True):
            feed.publish(headline, LEAD[0])
            await world.quiet(feed)
        await until(lambda: readers.received[-1].edits > 0, "the alert is not edited")
        assert len([one for one in readers.received if "▸" in one.text]) == 1, "nobody is pushed twice"
        assert "also: Herald" in readers.received[-1].text

        feeds[1].publish(
            "Two military instructors are hurt in a crash near Warsaw", "Their bus left the road at night."
        )
        other = await readers.next_message()
        assert "hurt in a crash" in other.text


async def test_a_page_is_read_after_a_restart_if_it_was_not_before(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/courier", title="Courier", language="en")
        page = world.outlets.page("/courier/ministers-agree-on-instructors-4711", PAGE)
        page.hangs()
        chat = await following(world, "Watchers", [feed], "EUMAM")
        await world.quiet(feed)
        feed.publish("Ministers agree on instructors", LEAD[0], url=page.url)
        await until(lambda: page.hits > 0, "the page is not asked for")
        await world.stop()
        page.recovers()
        await world.start()
        alert = await chat.next_message()
        assert "▸ EUMAM, in the article's text" in alert.text
        await world.settled()
        for heard in (await chat.say(f"/try {page.url}"), await chat.say("/try", reply_to=alert)):
            assert "✓ #1 EUMAM matches: “EUMAM”, in the article's text – alerted " in heard


@pytest.mark.parametrize("setting", ["off", "off:127.0.0.1", "off:{feed}"])
async def test_where_full_text_is_off_no_page_is_asked_for(tmp_path: Path, setting: str) -> None:
    async with World.opened(tmp_path, running=False) as world:
        feed = world.feed("/courier", title="Courier", language="en")
        world.changes["full_text"] = setting.format(feed=feed.url)
        await world.start()
        page = world.outlets.page("/courier/ministers-agree-on-instructors-4711", PAGE)
        chat = await following(world, "Readers", [feed], "military instructors")
        await world.quiet(feed)
        feed.publish("Ministers agree on military instructors", LEAD[0], url=page.url)
        await chat.next_message()
        await world.quiet(feed)
        assert page.hits == 0
        assert world.rows("SELECT * FROM pages") == []


async def test_a_page_that_was_due_when_full_text_was_turned_off_is_let_be(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/courier", title="Courier", language="en")
        page = world.outlets.page("/courier/ministers-agree-on-instructors-4711", PAGE)
        page.hangs()
        await following(world, "Watchers", [feed], "EUMAM")
        await world.quiet(feed)
        feed.publish("Ministers agree on instructors", LEAD[0], url=page.url)
        await until(lambda: page.hits > 0, "the page is not asked for")
        await world.stop()
        page.recovers()
        asked = page.hits
        world.changes["full_text"] = f"off:{feed.url}"
        await world.start()
        await until(lambda: world.rows("SELECT why, due_at FROM pages") == [("off", None)], "the page stays due")
        assert page.hits == asked


async def test_a_story_that_its_outlet_retitles_is_edited_where_it_was_told(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/courier", title="Courier", language="en")
        chat = await following(world, "Readers", [feed], "military instructors")
        await world.quiet(feed)
        item = feed.publish("Ministers agree on military instructors", LEAD[0])
        alert = await chat.next_message()
        feed.edit(item, title="Ministers agree on four hundred military instructors")
        await until(lambda: alert.edits > 0 or chat.received[-1].edits > 0, "the alert is not edited")
        assert "four hundred" in chat.received[-1].text
        assert len([one for one in chat.received if "▸" in one.text]) == 1

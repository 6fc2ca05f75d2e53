"""Lists of feeds, taken in and given back: over real HTTP and real SQLite, on Telegram and at the prompt."""

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest

from bot.app import opened, run, with_console
from bot.domain.lists import FeedList, ListedFeed
from bot.feeds.opml import read_list, write_list
from handlers.calls import MAX_DOCUMENT
from handlers.on_console import Screen
from support.fronts import PLATFORMS
from support.world import World, settings_for


def listed(number: int) -> ListedFeed:
    """A feed that no test asks for."""
    folders = ("Europe", f"Number {number % 7}") if number % 3 else ()
    site = f"https://outlet{number}.example/" if number % 2 else ""
    return ListedFeed(f"https://outlet{number}.example/rss", f"Outlet & {number}", site, folders, number % 50 == 0)


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is polled: the feeds of these lists do not exist."""
    monkeypatch.setattr("bot.pipeline._POLLS_AT_ONCE", 0)


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_list_of_300_feeds_is_followed_in_one_go_and_comes_back_whole(tmp_path: Path, platform: str) -> None:
    feeds = tuple(listed(number) for number in range(300))
    async with World.opened(tmp_path, platform) as world:
        chat = world.chat("Alice")
        answer = await chat.send("feeds.opml", write_list(FeedList(feeds, "Mine")))
        assert "You now follow 300 feeds more" in answer
        assert "Nothing is pushed until you set a filter" in answer
        assert len(chat.received) == 1, "its progress is shown in the same message"
        assert world.rows("SELECT count(*) FROM follows WHERE everything_since IS NOT NULL") == [(6,)]
        back = read_list(await chat.export())
        assert sorted(back.feeds, key=lambda feed: feed.url) == sorted(feeds, key=lambda feed: feed.url)


@pytest.mark.usefixtures("offline")
async def test_on_telegram_a_document_that_is_called_a_list_needs_no_caption(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        answer = await world.private("Bob").send("tocsin.opml", write_list(FeedList((listed(1),))))
        assert "You now follow one feed more" in answer


@pytest.mark.usefixtures("offline")
async def test_what_is_followed_already_is_told_and_takes_the_lists_names(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        chat = world.private("Alice")
        await chat.send("a.opml", write_list(FeedList((listed(1), listed(2)))), "/import")
        renamed = ListedFeed(listed(1).url + "/", "Another name", "", ("Elsewhere",))
        answer = await chat.send("b.opml", write_list(FeedList((renamed, listed(4)))), "/import")
        assert "You now follow one feed more" in answer
        assert "One was followed already" in answer
        await chat.say("/export")
        document = chat.received[-1].document
        assert document is not None
        (back,) = (feed for feed in read_list(document).feeds if feed.title == "Another name")
        assert (back.url, back.folders) == (listed(1).url, ("Elsewhere",))


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(
    ("limits", "words"),
    [
        pytest.param({"max_feeds": 3}, "This chat may follow 3 feeds at most; these are beyond that:", id="the chat's"),
        pytest.param({"max_total_feeds": 3}, "This bot follows as many feeds as it may (3)", id="the bot's"),
    ],
)
async def test_a_limit_is_named_with_what_is_beyond_it_and_the_rest_is_followed(
    tmp_path: Path, limits: dict[str, Any], words: str
) -> None:
    flat = tuple(ListedFeed(f"https://outlet{number}.example/rss", f"Outlet & {number}") for number in range(5))
    document = write_list(FeedList(flat)).replace(
        b"</body>", b'<outline text="Odd" xmlUrl="gopher://odd.example/"/></body>'
    )
    async with World.opened(tmp_path, **limits) as world:
        answer = await world.private("Alice").send("feeds.opml", document, "/import")
        assert "You now follow 3 feeds more" in answer
        assert "⚠ 3 are not followed:" in answer
        assert "• Odd: gopher://odd.example/ is no address of the web" in answer
        assert words in answer
        assert answer.index(words) < answer.index("• Outlet & 3") < answer.index("• Outlet & 4")
        assert world.rows("SELECT count(*) FROM feeds") == [(3,)]


@pytest.mark.usefixtures("offline")
async def test_a_list_is_taken_from_an_address_and_from_a_message_that_is_replied_to(tmp_path: Path) -> None:
    document = write_list(FeedList((listed(1),)))
    async with World.opened(tmp_path) as world:
        page = world.outlets.page("/feeds.opml", document.decode(), "text/x-opml")
        assert "You now follow one feed more" in await world.private("Alice").say(f"/import {page.url}")
        assert "Nothing is at" in await world.private("Alice").say(f"/import {world.outlets.url('/none')}")
        chat = world.private("Bob")
        sent = chat.message(chat.person, document=world.telegram.file("mine.xml", document))
        answer = await chat.answered(chat.post("/import", reply_to_message=sent))
        assert "You now follow one feed more" in answer


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"<rss/>", "That is no list of feeds (OPML): it begins with <rss>", id="a feed"),
        pytest.param(write_list(FeedList()), "That list holds no feed", id="an empty list"),
        pytest.param(b" " * (MAX_DOCUMENT + 1), "larger than a list may be (5 MB)", id="too large"),
    ],
)
async def test_what_is_no_list_is_said_to_be_none(tmp_path: Path, content: bytes, words: str) -> None:
    async with World.opened(tmp_path) as world:
        assert words in await world.private("Alice").send("feeds.opml", content, "/import")
        assert "Send the list (OPML) as a document" in await world.private("Alice").say("/import")


async def test_a_document_that_cannot_be_fetched_is_asked_for_once_more(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        chat = world.private("Alice")
        gone = world.telegram.file("feeds.opml", b"") | {"file_id": "gone"}
        answer = await chat.answered(world.telegram.push("message", chat.message(chat.person, document=gone)))
        assert "That document could not be fetched" in answer


async def test_what_an_imported_feed_holds_at_first_is_not_told_and_what_comes_then_is(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news", title="Meridian")
        feed.publish(title="EUMAM was there before")
        chat = world.private("Alice")
        await chat.say("/watch EUMAM")
        await chat.send("feeds.opml", write_list(FeedList((ListedFeed(feed.url, "Mine"),))), "/import")
        await world.quiet(feed)
        assert len(chat.received) == 2
        feed.publish(title="EUMAM goes on")
        assert "EUMAM goes on" in (await chat.next_message()).text


async def said_at_the_prompt(folder: Path, *lines: str) -> str:
    """What the prompt shows for these lines."""
    shown = io.StringIO()
    async with (
        World.opened(folder, running=False) as world,
        opened(settings_for(folder, world.telegram, telegram_bot_token="")) as bot,
    ):
        with_console(bot, Screen(shown), io.StringIO("\n".join((*lines, "/quit"))))
        await run(bot, asyncio.Event())
    return shown.getvalue()


@pytest.mark.usefixtures("offline")
async def test_the_prompt_takes_a_list_from_a_file_and_gives_it_back_in_one_that_was_not_there(tmp_path: Path) -> None:
    given, back = tmp_path / "given.opml", tmp_path / "back.opml"
    given.write_bytes(write_list(FeedList((listed(1), listed(2)))))
    shown = await said_at_the_prompt(
        tmp_path,
        f"/import {given}",
        f"/export {back}",
        f"/export {given}",
        f"/import {tmp_path / 'none.opml'}",
        f"/export {tmp_path / 'no' / 'folder.opml'}",
    )
    assert "You now follow 2 feeds more" in shown
    assert f"2 feeds are written to {back}" in shown
    assert f"{given} is there already, and is not replaced" in shown
    assert "none.opml cannot be read: No such file or directory" in shown
    assert "folder.opml cannot be written: No such file or directory" in shown
    assert read_list(back.read_bytes()).feeds == (listed(1), listed(2))


@pytest.mark.usefixtures("offline")
async def test_a_feed_keeps_all_its_folders_and_its_category_and_empty_folders_are_named(tmp_path: Path) -> None:
    feed = ListedFeed("https://outlet.example/rss", "A", "", ("News", "EU"), also=(("Press",),), category="eu")
    given = write_list(FeedList((feed,))).replace(b"</body>", b"<outline text='Sport'/></body>")
    async with World.opened(tmp_path) as world:
        chat = world.chat("Alice")
        answer = await chat.send("a.opml", given)
        assert "You now follow one feed more" in answer
        assert "One folder is not kept, for it holds no feed: Sport" in answer
        assert read_list(await chat.export()).feeds == (feed,)

"""What people say to the bot and what they read back: the same on Telegram, on Discord and at the prompt.

What differs by nature stands in `support.fronts`.
"""

import time
from pathlib import Path

import pytest

from bot.domain.query import parse
from handlers.commands import COMMANDS
from support.fronts import BUTTONS_STAY, PLATFORMS, on_each, where, why_not
from support.world import World, until


@pytest.fixture(params=PLATFORMS)
def platform(request: pytest.FixtureRequest) -> str:
    """Where it is said."""
    return str(request.param)


async def test_start_follows_the_source_pack_and_offers_presets_as_buttons(tmp_path: Path, platform: str) -> None:
    pack = tmp_path / "pack.opml"
    async with World.opened(tmp_path, platform, running=False, source_pack=str(pack)) as world:
        feeds = [world.feed(f"/feed-{number}") for number in range(3)]
        outlines = "".join(f"<outline type='rss' text='Feed' xmlUrl='{feed.url}'/>" for feed in feeds)
        pack.write_text(f"<opml version='2.0'><body>{outlines}</body></opml>")
        await world.start()
        chat = world.chat("Alice")
        answer = await chat.say("/start")
        assert "You now follow 3 feeds, the pack pack" in answer
        assert "Nothing is pushed until you set a filter" in answer
        assert "Watch: EUMAM" in chat.received[-1].labels
        assert "Filter #1 is set: EUMAM" in await chat.press("Watch: EUMAM")
        again = await chat.say("/start")
        assert "You follow 3 feeds" in again
        assert "Your one filter is at work" in again


async def test_start_with_no_pack_says_what_to_send(tmp_path: Path, platform: str) -> None:
    async with World.opened(tmp_path, platform) as world:
        assert "You follow no feed yet. Send a feed's URL" in await world.chat("Alice").say("/start")


@pytest.mark.parametrize("platform", where("/subscribe"))
async def test_subscribe_alone_starts_and_with_a_url_follows(tmp_path: Path, platform: str) -> None:
    async with World.opened(tmp_path, platform) as world:
        chat = world.chat("Alice")
        feed = world.feed("/news", title="The Ledger")
        assert "Tocsin tells you of a story once" in await chat.say("/subscribe")
        assert "You now follow The Ledger" in await chat.say(f"/subscribe {feed.url}")


@pytest.mark.parametrize("platform", where("https://news.example/rss"))
async def test_a_bare_url_in_a_private_chat_follows_the_feed_and_says_what_it_found(
    tmp_path: Path, platform: str
) -> None:
    async with World.opened(tmp_path, platform) as world:
        feed = world.feed("/news", title="The Ledger", language="fr")
        feed.publish(title="La vieille horloge", published=time.time())
        answer = await world.chat("Alice").say(feed.url)
        assert answer.startswith("You now follow The Ledger.\n2 stories · French · newest ")


async def test_following_twice_says_so(tmp_path: Path, platform: str) -> None:
    async with World.opened(tmp_path, platform) as world:
        feed = world.feed("/news", title="The Ledger")
        chat = await world.reading("Alice", feed)
        assert await chat.say(f"/sub {feed.url}") == "This chat follows The Ledger already."
        assert "Every new story" in await chat.say(f"/sub {feed.url.replace('http', 'HTTP')} all")
        assert "You follow one feed" in await chat.say("/list"), "however it is spelled"


ANSWERS = [
    pytest.param("/sub", "Say which feed: /sub https://", id="no argument"),
    pytest.param("/sub EUMAM", "“EUMAM” is neither a feed's URL", id="a word"),
    pytest.param("/sub EUMAM", "keywords: /watch EUMAM", id="a word is offered to watch"),
    pytest.param("/sub ftp://news.example/rss", "no address on the public internet", id="no web address"),
    pytest.param("/sub http://10.0.0.1/rss", "no address on the public internet", id="a private address"),
    pytest.param("/sub http://[::1]/rss", "no address on the public internet", id="loopback in IPv6"),
    pytest.param("/sub {page}", "is a web page, no feed", id="a page"),
    pytest.param("/sub {missing}", "(404). Is the address right?", id="not found"),
    pytest.param("/sub {empty}", "is empty: no feed", id="empty"),
    pytest.param("/sub {json}", "is JSON, but no JSON Feed", id="a JSON that is no feed"),
    pytest.param("/sub http://127.0.0.1:9/rss", "no address on the public internet", id="no web port"),
    pytest.param("/unsub", "Say which feed: /unsub 3", id="unsub without argument"),
    pytest.param("/unsub 7", "There is no feed “7” here: this chat follows none.", id="unsub unknown"),
    pytest.param("/list", "This chat follows no feed yet", id="list when empty"),
    pytest.param("/filters", "There is no filter yet, so nothing is pushed", id="filters when empty"),
    pytest.param("/latest", "There is no filter yet, so nothing is pushed", id="latest without filters"),
    pytest.param("/latest many", "“many” is no number from 1 to 20: /latest 5", id="latest wrong"),
    pytest.param("/latest 21", "is no number from 1 to 20", id="latest too many"),
    pytest.param("/watch", "Say what to watch: /watch military instructors, EUMAM", id="watch without argument"),
    pytest.param("/watch , ,", "Say what to watch", id="watch nothing but commas"),
    pytest.param('/watch "military', 'Write: /watch "military"', id="an open quotation mark"),
    pytest.param(
        "/watch EUMAM AND", "“AND” at character 7 needs words on both sides", id="an operator that lacks a word"
    ),
    pytest.param("/watch -sport", "/watch EUMAM NOT sport", id="only what not to match"),
    pytest.param("/watch \ud800EUMAM", "Filter #1 is set: EUMAM", id="half a surrogate"),
    pytest.param("/list x", "This chat follows no feed yet", id="a page of nothing"),
    pytest.param("/try " + "x" * 501, "Make two of it: /try military instructors", id="a long query that is tried"),
    pytest.param("/try (EUMAM", "not closed. Write: /try (EUMAM)", id="a query that cannot be read is tried"),
    pytest.param("/watch " + "x" * 501, "may have 500 characters, this one has 501", id="a long query"),
    pytest.param("/unwatch", "Say which filter: /unwatch 2", id="unwatch without argument"),
    pytest.param("/watch #9", "There is no filter #9 that was removed", id="a number that nothing had"),
    pytest.param("/unwatch 9", "There is no filter “9” here", id="unwatch unknown"),
    pytest.param("/resume", "This chat is not paused", id="resume when not paused"),
    pytest.param("/pause 24h", "Paused until ", id="pause for a while"),
    pytest.param("/pause for ever", "“for ever” is no time: /pause 24h, /pause 3 days or", id="pause for no time"),
    pytest.param("/mute 24h", "Say what to mute for so long: /mute sport 24h", id="mute for a while, and not what"),
    pytest.param("/status", "Nothing is stored of this chat yet", id="status of a stranger"),
    pytest.param("/stop", "Nothing is stored of this chat", id="stop of a stranger"),
    pytest.param("/frobnicate", "There is no command /frobnicate. /help lists them", id="unknown command"),
    pytest.param("/", "There is no command /", id="a lone slash"),
    pytest.param("/help frobnicate", "There is no command /frobnicate", id="help on nothing"),
    pytest.param("EUMAM", "To watch words: /watch EUMAM", id="a word alone"),
    pytest.param("/claim", "Send the code that stands in the bot's log", id="claim without code"),
    pytest.param("/claim 00", "That is not the code", id="claim with a wrong code"),
    pytest.param("/WATCH EUMAM", "Filter #1 is set: EUMAM", id="commands in capitals"),
    pytest.param("/watch@tocsin_bot EUMAM", "Filter #1 is set: EUMAM", id="addressed to us"),
    pytest.param("/keyword\nEUMAM", "Filter #1 is set: EUMAM", id="an alias, the argument on the next line"),
]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("platform", "said", "answer"), on_each(ANSWERS))
async def test_each_answer_is_the_one_that_helps(everywhere: World, platform: str, said: str, answer: str) -> None:
    outlets = everywhere.outlets
    said = said.format(
        page=outlets.page("/page", "<html><body>Hello, <b>reader</b></body></html>").url,
        empty=outlets.page("/empty").url,
        json=outlets.page("/json", '{"a": 1}', "application/json").url,
        missing=outlets.url("/missing"),
    )
    heard = await (await everywhere.stranger(platform)).say(said)
    assert answer in heard
    assert "Traceback" not in heard


async def test_a_refusal_is_one_line_with_an_example(tmp_path: Path, platform: str) -> None:
    async with World.opened(tmp_path, platform) as world:
        chat = world.chat("Alice")
        for said in ("/sub", "/sub x", "/unsub", "/watch", "/unwatch", "/unwatch 9", "/latest x", "/claim", "hello"):
            if why_not(platform, said):
                continue
            heard = await chat.say(said)
            assert "\n" not in heard, said
            assert "/" in heard, said


async def test_watch_says_what_it_set_and_an_equal_filter_is_not_set_twice(tmp_path: Path, platform: str) -> None:
    async with World.opened(tmp_path, platform) as world:
        feed = world.feed("/news")
        chat = await world.reading("Alice", feed)
        heard = await chat.say("/watch  military   instructors ,EUMAM")
        assert "Filter #1 is set: military instructors, EUMAM." in heard
        assert "One feed is watched" in heard
        assert "has that filter already: #1" in await chat.say("/watch military instructors, EUMAM")


async def test_watch_without_a_feed_says_that_nothing_can_match(tmp_path: Path, platform: str) -> None:
    async with World.opened(tmp_path, platform) as world:
        assert "follows no feed yet, so nothing can match" in await world.chat("Alice").say("/watch EUMAM")


async def test_filters_are_listed_with_numbers_that_are_never_used_again(tmp_path: Path, platform: str) -> None:
    async with World.opened(tmp_path, platform) as world:
        chat = await world.reading("Alice", world.feed("/news"), "EUMAM", "Kyiv")
        assert "Filter #2 is removed: Kyiv" in await chat.say("/unwatch 2")
        await chat.say("/watch Odesa")
        listed = await chat.say("/filters")
        assert "#1 EUMAM – 0 / 0" in listed
        assert "#3 Odesa – 0 / 0" in listed
        assert "#2" not in listed


async def test_a_filter_is_removed_by_its_words_and_the_button_sets_it_again(tmp_path: Path, platform: str) -> None:
    async with World.opened(tmp_path, platform) as world:
        chat = await world.reading("Alice", world.feed("/news"), "military instructors")
        assert "is removed: military instructors" in await chat.say("/unwatch  military  instructors")
        assert "Filter #1 is back as it was: military instructors" in await chat.press("Undo")
        assert "has that filter already: #1" in await chat.say("/watch military instructors")
        await chat.say("/unwatch 1")
        assert "Filter #2 is set: military instructors" in await chat.say("/watch military instructors")
        assert "has that filter already: #2" in await chat.say("/watch #1")


async def test_filters_count_their_alerts(tmp_path: Path, platform: str) -> None:
    async with World.opened(tmp_path, platform) as world:
        feed = world.feed("/news")
        chat = await world.reading("Alice", feed, "EUMAM")
        feed.publish(title="EUMAM moves")
        await chat.next_message()
        await world.settled()
        assert "#1 EUMAM – 1 / 1" in await chat.say("/filters")


async def test_list_shows_each_feed_with_its_health_and_unsub_takes_its_number(tmp_path: Path, platform: str) -> None:
    async with World.opened(tmp_path, platform) as world:
        good, bad = world.feed("/good", title="Good Wire"), world.feed("/bad", title="Bad Wire")
        chat = await world.reading("Alice", good)
        await chat.say(f"/sub {bad.url} all")
        bad.fails(503)
        failures = "SELECT failures FROM feeds WHERE url = ?"
        await until(lambda: world.rows(failures, bad.url) >= [(2,)], "it does not fail")
        listed = await chat.say("/list")
        assert "1. Good Wire – answered " in listed
        assert "2. Bad Wire – ⚠" in listed
        assert "its server answers 503" in listed
        assert "You no longer follow Bad Wire" in await chat.say("/unsub 2")
        assert "Bad Wire" not in await chat.say("/list")


async def test_a_feed_address_with_a_password_in_it_is_never_shown(tmp_path: Path, platform: str) -> None:
    async with World.opened(tmp_path, platform) as world:
        feed = world.feed("/news", title="")
        secret = feed.url.replace("://", "://alice:opensesame@")
        chat = world.chat("Alice")
        answers = [await chat.say(f"/sub {secret}"), await chat.say("/list"), await chat.say("/unsub 1")]
        feed.fails(500)
        answers.append(await chat.say(f"/sub {secret}"))
        assert not any("opensesame" in heard for heard in answers)
        assert not any("opensesame" in message.markup for message in chat.received)


async def test_long_lists_are_told_in_pages(tmp_path: Path, platform: str) -> None:
    async with World.opened(tmp_path, platform) as world:
        assert world.bot is not None
        chat = await world.reading("Alice", world.feed("/feed-0"))
        stored = await world.bot.chats.find(chat.address)
        assert stored is not None
        feeds = [(world.feed(f"/feed-{number}").url, f"Feed {number} " + "x" * 900) for number in range(1, 60)]
        await world.bot.chats.follow(
            stored.chat_id, feeds, everything=False, now=time.time(), most=500, most_total=20_000
        )
        for number in range(60):
            query = parse(f"{'word' * 100} number {number}")
            await world.bot.chats.watch(stored.chat_id, query, now=time.time(), most=200)
        for command in ("/list", "/filters"):
            pages = [await chat.say(f"{command} {page}".removesuffix(" 1")) for page in (1, 2, 3)]
            assert f"… and 35 more: {command} 2" in pages[0]
            assert f"… and 10 more: {command} 3" in pages[1]
            assert "more:" not in pages[2]
            assert "60" in pages[2]
            assert f"“4” is no page from 1 to 3: {command} 1" in await chat.say(f"{command} 4")


async def test_unfollowed_feeds_are_polled_no_more(tmp_path: Path, platform: str) -> None:
    async with World.opened(tmp_path, platform) as world:
        feed, other = world.feed("/news"), world.feed("/other")
        chat = await world.reading("Alice", feed)
        await chat.say(f"/sub {other.url}")
        await chat.say(f"/unsub {feed.url}")
        await world.quiet(other)
        hits = feed.hits
        await world.quiet(other)
        assert feed.hits == hits


async def test_status_tells_what_was_polled_matched_and_sent(tmp_path: Path, platform: str) -> None:
    async with World.opened(tmp_path, platform) as world:
        feed = world.feed("/news")
        chat = await world.reading("Alice", feed, "EUMAM")
        feed.publish(title="EUMAM moves")
        await chat.next_message()
        await world.settled()
        heard = await chat.say("/status")
        assert heard.startswith("At work.\nFeeds: 1 followed, 0 of them in trouble; last asked: ")
        assert "Last 7 days: 2 stories, 1 matched your filter." in heard
        assert "Alerts: 1 sent (last: " in heard
        assert "0 waiting, 0 failed." in heard
        await chat.say("/pause")
        assert (await chat.say("/status")).startswith("Paused.")


async def test_stop_asks_once_and_then_erases_everything_of_the_chat(tmp_path: Path, platform: str) -> None:
    async with World.opened(tmp_path, platform) as world:
        feed = world.feed("/news")
        chat = await world.reading("Alice", feed, "EUMAM")
        feed.publish(title="EUMAM moves")
        await chat.next_message()
        await world.settled()
        assert "This erases everything stored of this chat: feeds (1), filters (1)" in await chat.say("/stop")
        assert chat.received[-1].labels == ["Erase everything", "Only pause", "Export the feeds first"]
        assert "Erased: feeds (1), filters (1), and the record of alerts (1)" in await chat.press("Erase everything")
        for table in ("chats", "filters", "follows", "alerts", "alert_filters", "actions", "lanes", "queries"):
            assert world.rows(f"SELECT * FROM {table}") == [], table
        feed.publish(title="EUMAM moves again")
        assert "Nothing is stored of this chat" in await chat.say("/status")


@pytest.mark.parametrize("platform", BUTTONS_STAY)
async def test_a_button_of_another_chat_or_time_does_nothing(tmp_path: Path, platform: str) -> None:
    async with World.opened(tmp_path, platform) as world:
        chat = await world.reading("Alice", world.feed("/news"), "EUMAM")
        await chat.say("/stop")
        await chat.press("Erase everything")
        await chat.say("/watch Kyiv")
        erased = next(message for message in chat.received if "This erases" in message.text)
        assert "That button no longer works" in await chat.press_of(erased, "Erase everything")
        assert "#1 Kyiv" in await chat.say("/filters")


async def test_latest_shows_the_newest_matches_first_and_as_many_as_asked(tmp_path: Path, platform: str) -> None:
    async with World.opened(tmp_path, platform) as world:
        feed = world.feed("/news")
        chat = await world.reading("Alice", feed, "EUMAM")
        for number in range(3):
            feed.publish(title=f"EUMAM report {number}")
            await chat.next_message()
        heard = await chat.say("/latest 2")
        assert "EUMAM report 2" in heard
        assert "EUMAM report 0" not in heard
        assert heard.index("EUMAM report 2") < heard.index("EUMAM report 1")


async def test_limits_refuse_with_what_to_do_and_keep_what_was(tmp_path: Path, platform: str) -> None:
    async with World.opened(tmp_path, platform, max_feeds=1, max_filters=1) as world:
        chat = await world.reading("Alice", world.feed("/news"), "EUMAM")
        assert "follow 1 feeds at most" in await chat.say(f"/sub {world.feed('/other').url}")
        assert "have 1 filters at most" in await chat.say("/watch Kyiv")
        assert "#2" not in await chat.say("/filters")


async def test_help_lists_every_command_and_tells_each_in_full(tmp_path: Path, platform: str) -> None:
    async with World.opened(tmp_path, platform) as world:
        chat = world.chat("Alice")
        listed = await chat.say("/help")
        for command in COMMANDS:
            assert (command.usage in listed) == command.in_menu
            told = await chat.say(f"/help {command.name}")
            assert told.startswith(command.usage)
            assert f"Example: {command.example}" in told
            for alias in command.aliases:
                assert f"/{alias}" in told


async def test_the_menu_is_set_on_telegram(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        await world.private("Alice").say("/help")
        assert await world.telegram.until(lambda: bool(world.telegram.commands))
        names = [name for name, _ in world.telegram.commands]
        assert names == [command.name for command in COMMANDS if command.in_menu]


async def test_in_groups_only_administrators_change_things_and_everyone_may_look(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        alice, bob = world.telegram.person("Alice"), world.telegram.person("Bob")
        group = world.group("Newsroom", admin=alice)
        feed = world.feed("/news")
        assert "You now follow" in await group.say(alice, f"/sub {feed.url}")
        for said in (f"/sub {feed.url}", "/watch EUMAM", "/unwatch 1", "/unsub 1", "/pause", "/stop", "/start"):
            assert "Only this chat's administrators may use" in await group.say(bob, said)
        assert "You follow one feed" in await group.say(bob, "/list")
        assert "is set" in await group.say_anonymously("/watch EUMAM")
        assert await group.say(bob, "just talking about EUMAM") == ""
        assert await group.say(bob, "/watch@otherbot EUMAM") == ""
        feed.publish(title="EUMAM moves")
        assert "EUMAM moves" in (await group.next_message()).text


async def test_a_topic_of_a_forum_is_a_chat_of_its_own(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        alice = world.telegram.person("Alice")
        group = world.group("Newsroom", admin=alice)
        topic = group.topic()
        feed = world.feed("/news")
        await topic.say(alice, f"/sub {feed.url}")
        await topic.say(alice, "/watch EUMAM")
        assert "This chat follows no feed yet" in await group.say(alice, "/list")
        feed.publish(title="EUMAM moves")
        await world.quiet(feed)
        assert "EUMAM moves" in topic.received[-1].text


async def test_a_private_instance_serves_operators_and_the_chats_that_they_let_in(tmp_path: Path) -> None:
    async with World.opened(tmp_path, running=False, access="private") as world:
        alice, bob = world.telegram.person("Alice"), world.telegram.person("Bob")
        world.changes["operators"] = f"telegram:{alice.id}"
        await world.start()
        group = world.group("Newsroom", admin=bob)
        stranger = world.telegram.private(bob)
        assert "serves its operators only" in await stranger.say("/start")
        assert "serves its operators only" in await stranger.say("https://news.example/rss")
        assert "serves its operators only" in await group.say(bob, "/list")
        assert "Tocsin tells you" in await world.telegram.private(alice).say("/start")
        group.add_bot(alice)
        assert "Tocsin tells you" in (await group.next_message()).text
        assert "This chat follows no feed yet" in await group.say(bob, "/list")
        assert "This chat follows no feed yet" in await group.topic().say(bob, "/list"), "its topics are let in as well"


async def test_before_it_erases_a_chat_the_bot_says_what_waits_and_offers_the_feeds(
    tmp_path: Path, platform: str
) -> None:
    async with World.opened(tmp_path, platform) as world:
        feed = world.feed("/news", title="The Ledger")
        chat = await world.reading("Alice", feed, "EUMAM")
        await chat.say("/pause")
        feed.publish(title="EUMAM waits")
        await until(lambda: bool(world.rows("SELECT 1 FROM alerts")), "there is no alert")
        assert "one alert that still waits, which would not come" in await chat.say("/stop")
        assert chat.received[-1].labels == ["Erase everything", "Only pause", "Export the feeds first"]
        if platform != "prompt":  # where it would be written beside whoever runs the tests
            await chat.press("Export the feeds first")
            document = chat.received[-1].document
            assert document is not None
            assert feed.url.encode() in document
        erased = await chat.say("/stop yes")
        assert "and alerts that waited (1). /start begins anew." in erased
        assert "Nothing is stored of this chat" in await chat.say("/stop")


async def test_who_may_not_begin_anew_in_a_private_instance_is_told_so(tmp_path: Path) -> None:
    async with World.opened(tmp_path, running=False, access="private") as world:
        alice, bob = world.telegram.person("Alice"), world.telegram.person("Bob")
        world.changes["operators"] = f"telegram:{alice.id}"
        await world.start()
        group = world.telegram.group("Newsroom", admins=[alice, bob])
        await group.say(alice, "/start")
        assert "An operator of this bot may begin anew here: /start" in await group.say(bob, "/stop yes")
        assert "serves its operators only" in await group.say(bob, "/start")
        assert "Tocsin tells you" in await group.say(alice, "/start")
        assert "/start begins anew." in await group.say(alice, "/stop yes")


async def test_the_first_operator_claims_the_instance_with_the_code_of_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with World.opened(tmp_path, access="private") as world:
        chat, other = world.private("Alice"), world.private("Bob")
        assert "has no operator yet" in await chat.say("/start")
        code = next(record.getMessage().rpartition(" ")[2] for record in caplog.records if "/claim" in record.message)
        group = world.group("Newsroom", admin=world.telegram.person("Carol"))
        assert "in a private chat" in await group.say_anonymously(f"/claim {code}")
        assert "You are this bot's operator now" in await chat.say(f"/claim {code}")
        assert "has its operator already" in await other.say(f"/claim {code}")
        assert "Tocsin tells you" in await chat.say("/start")
        assert "serves its operators only" in await other.say("/start")

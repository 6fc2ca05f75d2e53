"""What outlets' robots.txt ask of us, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from bot.domain.errors import FetchFailed, FetchKind
from bot.feeds import robots as module
from bot.feeds.robots import LONGEST_DELAY, Disallowed, Robots, _read
from support.effort import Effort
from support.fetching import StillClock, opened
from support.outlets import Outlets, Page

DAY = 86_400


@pytest.fixture
async def outlets() -> AsyncIterator[Outlets]:
    async with await Outlets.start() as running:
        yield running


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def robots(clock: StillClock) -> AsyncIterator[Robots]:
    async with opened(clock, deadline=3) as web:
        yield Robots(web, clock)


async def is_allowed(robots: Robots, url: str) -> bool:
    try:
        await robots.permit(url)
    except Disallowed:
        return False
    return True


async def refusal(robots: Robots, url: str) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        await robots.permit(url)
    return caught.value


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        pytest.param("", "/a", True, id="an empty file"),
        pytest.param("User-agent: *\nDisallow:", "/a", True, id="nothing disallowed"),
        pytest.param("User-agent: *\nDisallow: /", "/a", False, id="everything disallowed"),
        pytest.param("User-agent: *\nDisallow: /b", "/a", True, id="another path"),
        pytest.param("User-agent: *\nDisallow: /\nAllow: /a", "/a", True, id="the longest rule counts"),
        pytest.param("User-agent: *\nDisallow: /*?print", "/a?print=1", False, id="a wildcard"),
        pytest.param("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False, id="an end"),
        pytest.param("User-agent: *\nDisallow: /\n\nUser-agent: tocsin\nDisallow: /b", "/a", True, id="our own group"),
        pytest.param("User-agent: Tocsin\nDisallow: /", "/a", False, id="a group for us alone"),
        pytest.param("User-agent: Tocsin/2.0 (x)\nUser-agent: other\nDisallow: /", "/a", True, id="not quite our name"),
        pytest.param("User-agent: GPTBot\nDisallow: /", "/a", True, id="a group for another"),
        pytest.param("User-agent: a\nUser-agent: *\nUser-agent: b\nDisallow: /", "/a", False, id="a group for many"),
        pytest.param("\ufeffuser-agent : *\r\ndisallow : / # all\r\n", "/a", False, id="as Windows writes it"),
        pytest.param("<!doctype html><title>Not here</title>", "/a", True, id="a page instead"),
        pytest.param(
            "User-agent: *\nDisallow: /новини", "/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8/1", False, id="Cyrillic"
        ),
        pytest.param("\x00\xff\nDisallow /", "/a", True, id="rubbish"),
    ],
)
async def test_rules_are_read_as_the_standard_has_them(
    robots: Robots, outlets: Outlets, text: str, path: str, allowed: bool
) -> None:
    outlets.page("/robots.txt", text, "text/plain")
    assert await is_allowed(robots, outlets.url(path)) is allowed


async def test_it_is_fetched_once_a_day_for_a_host(robots: Robots, outlets: Outlets, clock: StillClock) -> None:
    page = outlets.page("/robots.txt", "User-agent: *\nDisallow: /a")
    for path in ("/a", "/b", "/c"):
        await is_allowed(robots, outlets.url(path))
    clock.time += DAY - 1
    await is_allowed(robots, outlets.url("/a"))
    assert page.hits == 1
    page.fixed = b""
    clock.time += 2
    assert await is_allowed(robots, outlets.url("/a"))
    assert page.hits == 2


async def test_many_who_ask_at_once_cause_one_request(robots: Robots, outlets: Outlets) -> None:
    page = outlets.page("/robots.txt", "User-agent: *\nDisallow: /a")
    answers = await asyncio.gather(*(is_allowed(robots, outlets.url(f"/{path}")) for path in "abab"))
    assert answers == [False, True, False, True]
    assert page.hits == 1


@pytest.mark.parametrize("status", [401, 403, 404, 410, 451])
async def test_where_there_is_none_everything_is_allowed(robots: Robots, outlets: Outlets, status: int) -> None:
    page = outlets.page("/robots.txt")
    page.fails(status)
    assert await is_allowed(robots, outlets.url("/a"))
    assert await is_allowed(robots, outlets.url("/a"))
    assert page.hits == 1


@pytest.mark.parametrize(
    ("fault", "kind", "pause"),
    [
        pytest.param(lambda page: page.fails(500), FetchKind.STATUS, 600, id="a fault of the server's"),
        pytest.param(lambda page: page.fails(503, retry_after="120"), FetchKind.STATUS, 120, id="it says when"),
        pytest.param(lambda page: page.fails(429), FetchKind.STATUS, 600, id="too many requests"),
        pytest.param(Page.drops, FetchKind.CONNECT, 600, id="it hangs up"),
        pytest.param(Page.hangs, FetchKind.TIMEOUT, 600, id="it does not answer"),
    ],
)
async def test_where_the_server_cannot_say_it_counts_as_no_for_a_while(
    robots: Robots, outlets: Outlets, clock: StillClock, fault: Callable[[Page], None], kind: FetchKind, pause: float
) -> None:
    page = outlets.page("/robots.txt", "User-agent: *\nDisallow: /b")
    fault(page)
    failure = await refusal(robots, outlets.url("/a"))
    assert failure.retry_after == pause
    assert failure.kind in (kind, FetchKind.CORRUPT)
    clock.time += pause - 1
    assert (await refusal(robots, outlets.url("/a"))).retry_after == 1
    assert page.hits == 1
    page.recovers()
    clock.time += 3_600
    assert await is_allowed(robots, outlets.url("/a"))


async def test_what_a_server_said_before_stands_in_while_it_cannot_say(
    robots: Robots, outlets: Outlets, clock: StillClock
) -> None:
    page = outlets.page("/robots.txt", "User-agent: *\nDisallow: /b")
    assert await is_allowed(robots, outlets.url("/a"))
    page.fails(500)
    clock.time += DAY + 1
    assert await is_allowed(robots, outlets.url("/a"))
    assert not await is_allowed(robots, outlets.url("/b"))
    assert page.hits == 2
    clock.time += 7 * DAY
    assert (await refusal(robots, outlets.url("/a"))).status == 500


async def test_a_clock_that_is_set_back_does_not_keep_rules_for_years(
    robots: Robots, outlets: Outlets, clock: StillClock
) -> None:
    page = outlets.page("/robots.txt", "")
    await is_allowed(robots, outlets.url("/a"))
    clock.time -= 365 * DAY
    await is_allowed(robots, outlets.url("/a"))
    assert page.hits == 2


async def test_redirects_are_followed_and_a_circle_is_no_rules(robots: Robots, outlets: Outlets) -> None:
    outlets.page("/robots.txt").redirects_to("/rules")
    outlets.page("/rules", "User-agent: *\nDisallow: /a")
    assert not await is_allowed(robots, outlets.url("/a"))
    async with await Outlets.start("127.0.0.9") as other:
        other.page("/robots.txt").redirects_to("/robots.txt")
        assert await is_allowed(robots, other.url("/a"))


@pytest.mark.parametrize("encoding", ["", "gzip"])
async def test_of_a_giant_the_beginning_counts(robots: Robots, outlets: Outlets, encoding: str) -> None:
    lines = b"User-agent: *\nDisallow: /a\n" + b"Disallow: /x/%06d\n" * 100_000 + b"Disallow: /b\n"
    outlets.page("/robots.txt", lines, "text/plain").encoding = encoding
    assert not await is_allowed(robots, outlets.url("/a"))
    assert await is_allowed(robots, outlets.url("/b"))


async def test_an_endless_file_ends(robots: Robots, outlets: Outlets) -> None:
    outlets.page("/robots.txt").never_ends()
    assert await is_allowed(robots, outlets.url("/b"))


@pytest.mark.parametrize(
    ("line", "delay"),
    [
        ("", 0),
        ("Crawl-delay: 4.5", 4.5),
        ("Crawl-delay: 86400", LONGEST_DELAY),
        ("Crawl-delay: -1", 0),
        ("Crawl-delay: x", 0),
    ],
)
async def test_a_crawl_delay_is_honoured_within_reason(
    robots: Robots, outlets: Outlets, line: str, delay: float
) -> None:
    outlets.page("/robots.txt", f"User-agent: *\nDisallow: /a\n{line}")
    assert await robots.delay(outlets.url("/b")) == delay


async def test_what_is_remembered_is_bounded(robots: Robots, outlets: Outlets, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 2)
    async with await Outlets.start("127.0.0.9") as second, await Outlets.start("127.0.0.10") as third:
        for host in (outlets, second, third):
            host.page("/robots.txt", "User-agent: *\nDisallow: /a")
            assert not await is_allowed(robots, host.url("/a"))
        assert len(robots) == 2
        monkeypatch.setattr(module, "_MOST_CHARACTERS", 30)
        await is_allowed(robots, outlets.url("/a"))
        assert len(robots) == 1


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("".join(f"User-agent: bot{n}\n" for n in range(25_000)) + "Disallow: /\n", id="many agents"),
        pytest.param("User-agent: *\n" + "".join(f"Disallow: *a{n}*b\n" for n in range(25_000)), id="many wildcards"),
        pytest.param("User-agent: *\nDisallow: /" + "*a" * 200_000 + "\n", id="a long wildcard"),
        pytest.param("User-agent" * 50_000, id="a long line"),
        pytest.param("\n \t" * 160_000, id="blank lines"),
        pytest.param("User-agent: *\nDisallow: /" + "$" * 3_000, id="dollars"),
    ],
)
def test_a_hostile_file_takes_no_long_time(text: str) -> None:
    with Effort() as effort:
        _read(text[:500_000]).can_fetch("https://outlet.example/" + "a" * 5_000, "Tocsin")
    assert effort.seconds < 10

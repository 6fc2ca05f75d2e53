"""What the feeds of one host share: turns, and the times in which it is left alone."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.domain.errors import FetchKind
from bot.feeds.web import GuardedWeb
from support.fetching import Names, StillClock, document, failure, opened
from support.listening import nobody_at
from support.outlets import Outlets
from support.world import until


@pytest.fixture
async def outlets() -> AsyncIterator[Outlets]:
    async with await Outlets.start() as running:
        yield running


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def web(clock: StillClock) -> AsyncIterator[GuardedWeb]:
    async with opened(clock) as web:
        yield web


# Turns


async def test_requests_to_one_host_start_apart(outlets: Outlets, clock: StillClock) -> None:
    outlets.page("/a", "x")
    async with opened(clock, host_interval=2) as web:
        for _ in range(3):
            await web.get(outlets.url("/a"))
        assert clock.slept == [2, 2]
        clock.time += 100
        await web.get(outlets.url("/a"))
        assert clock.slept == [2, 2]


async def test_hosts_do_not_wait_for_each_other(clock: StillClock) -> None:
    async with await Outlets.start() as one, await Outlets.start("127.0.0.9") as other:
        one.page("/", "x")
        other.page("/", "x")
        async with opened(clock, host_interval=2) as web:
            await web.get(one.url("/"))
            await web.get(other.url("/"))
    assert clock.slept == []


async def test_a_redirect_waits_for_its_turn_too(outlets: Outlets, clock: StillClock) -> None:
    outlets.page("/old").redirects_to("/new")
    outlets.page("/new", "x")
    async with opened(clock, host_interval=2) as web:
        await web.get(outlets.url("/old"))
    assert clock.slept == [2]


async def test_a_clock_that_is_set_back_holds_nobody_up(outlets: Outlets, clock: StillClock) -> None:
    outlets.page("/a", "x")
    async with opened(clock, host_interval=2) as web:
        await web.get(outlets.url("/a"))
        clock.time -= 3_600
        await web.get(outlets.url("/a"))
    assert clock.slept == [2]


async def test_no_more_than_two_requests_run_at_one_host(outlets: Outlets) -> None:
    pages = [outlets.page(f"/{number}", "x") for number in range(4)]
    answered = asyncio.Event()
    for page in pages[:2]:
        page.waits(answered)
    async with opened() as web:
        fetches = [asyncio.ensure_future(web.get(page.url)) for page in pages]
        await until(lambda: outlets.hits >= 2, "nobody asks")
        await asyncio.sleep(0.15)
        assert outlets.hits == 2
        answered.set()
        await asyncio.gather(*fetches)
    assert outlets.hits == 4


# A host that asks to be left alone


@pytest.mark.parametrize("status", [429, 503])
async def test_a_host_is_left_alone_for_as_long_as_it_asks(
    web: GuardedWeb, outlets: Outlets, clock: StillClock, status: int
) -> None:
    outlets.page("/busy").fails(status, retry_after="600")
    other = outlets.page("/other", "x")
    failed = await failure(web, outlets.url("/busy"))
    assert (failed.kind, failed.status, failed.retry_after) == (FetchKind.STATUS, status, 600)
    clock.time += 100
    failed = await failure(web, other.url)
    assert (failed.kind, failed.status, failed.retry_after) == (FetchKind.HELD, None, 500)
    assert other.hits == 0
    clock.time += 500
    await document(web, other.url)


async def test_429_without_a_time_holds_for_longer_each_time_in_a_row(
    web: GuardedWeb, outlets: Outlets, clock: StillClock
) -> None:
    page = outlets.page("/rss", "x")
    page.fails(429)
    for seconds in (60, 120, 240):
        assert (await failure(web, page.url)).status == 429
        assert (await failure(web, page.url)).retry_after == seconds
        clock.time += seconds
    page.recovers()
    await document(web, page.url)
    page.fails(429)
    await failure(web, page.url)
    assert (await failure(web, page.url)).retry_after == 60


async def test_503_without_a_time_holds_nobody(web: GuardedWeb, outlets: Outlets) -> None:
    outlets.page("/busy").fails(503)
    outlets.page("/other", "x")
    for _ in range(4):
        assert (await failure(web, outlets.url("/busy"))).status == 503
    await document(web, outlets.url("/other"))


async def test_a_redirect_to_a_host_that_is_held_goes_no_further(web: GuardedWeb, clock: StillClock) -> None:
    async with await Outlets.start() as one, await Outlets.start() as other:
        other.page("/busy").fails(429, retry_after="600")
        await failure(web, other.url("/busy"))
        one.page("/rss").redirects_to(other.url("/rss"))
        failed = await failure(web, one.url("/rss"))
        assert (failed.kind, failed.retry_after) == (FetchKind.HELD, 600)
        assert other.hits == 1
        one.page("/own", "x")
        await document(web, one.url("/own"))


async def test_a_final_dot_and_capitals_are_the_same_host(outlets: Outlets) -> None:
    names = Names(outlet_example=["127.0.0.1"], **{"outlet.example.": ["127.0.0.1"]})
    outlets.page("/rss").fails(429, retry_after="600")
    async with opened(resolver=names) as web:
        await failure(web, outlets.url("/rss", host="outlet.example"))
        for host in ("outlet.example.", "OUTLET.Example"):
            assert (await failure(web, outlets.url("/rss", host=host))).kind == FetchKind.HELD
    assert outlets.hits == 1


async def test_who_waits_for_a_turn_hears_at_once_that_the_host_is_held(outlets: Outlets) -> None:
    for number in range(6):
        outlets.page(f"/{number}").fails(429, retry_after="600")
    async with opened() as web:
        failures = await asyncio.gather(*(failure(web, outlets.url(f"/{number}")) for number in range(6)))
    assert [failed.kind for failed in failures] == [FetchKind.STATUS] * 2 + [FetchKind.HELD] * 4
    assert outlets.hits == 2


async def test_who_waits_its_time_hears_then_that_the_host_is_held(outlets: Outlets) -> None:
    class BriefClock(StillClock):
        async def sleep(self, seconds: float) -> None:
            await asyncio.sleep(0.1)
            await super().sleep(seconds)

    outlets.page("/busy").fails(429, retry_after="600")
    async with opened(BriefClock(), host_interval=2) as web:
        first, second = await asyncio.gather(*(failure(web, outlets.url("/busy")) for _ in range(2)))
    assert (first.kind, second.kind, second.retry_after) == (FetchKind.STATUS, FetchKind.HELD, 598)
    assert outlets.hits == 1


# A host that is down


async def test_after_three_failures_in_a_row_a_host_is_left_alone_for_a_while(
    outlets: Outlets, clock: StillClock
) -> None:
    page = outlets.page("/rss", "x")
    page.sends(b"")
    async with opened(clock) as web:
        for _ in range(3):
            assert (await failure(web, page.url)).kind == FetchKind.CONNECT
        tried = page.hits
        failed = await failure(web, outlets.url("/other"))
        assert (failed.kind, failed.retry_after) == (FetchKind.HELD, 15)
        assert outlets.hits == tried
        clock.time += 15
        assert (await failure(web, page.url)).kind == FetchKind.CONNECT
        assert (await failure(web, page.url)).retry_after == 30
        clock.time += 30
        page.recovers()
        await document(web, page.url)
        page.sends(b"")
        for _ in range(3):
            assert (await failure(web, page.url)).kind == FetchKind.CONNECT


async def test_an_answer_in_between_holds_off_the_hold(web: GuardedWeb, outlets: Outlets) -> None:
    page = outlets.page("/rss")
    page.sends(b"")
    for _ in range(3):
        assert [(await failure(web, page.url)).kind for _ in range(2)] == [FetchKind.CONNECT] * 2
        assert (await failure(web, outlets.url("/missing"))).status == 404


@pytest.mark.parametrize("misbehaviour", ["is_cut_short", "breaks_its_chunks", "sends_bad_gzip", "stalls", "drops"])
async def test_half_an_answer_is_the_page_s_fault_and_not_the_host_s(outlets: Outlets, misbehaviour: str) -> None:
    feed = outlets.feed("/rss")
    getattr(feed, misbehaviour)()
    async with opened(deadline=0.2) as web:
        for _ in range(4):
            assert (await failure(web, feed.url)).kind in (FetchKind.CORRUPT, FetchKind.TIMEOUT)


async def test_two_halves_of_answers_and_a_failure_are_no_three_failures(outlets: Outlets) -> None:
    stalling, down = outlets.feed("/stalling"), outlets.page("/down")
    stalling.stalls()
    down.sends(b"")
    async with opened(deadline=1) as web:
        await asyncio.gather(*(failure(web, stalling.url) for _ in range(2)))
        assert [(await failure(web, down.url)).kind for _ in range(2)] == [FetchKind.CONNECT] * 2


async def test_a_silence_holds_the_host_that_was_asked_but_none_that_another_led_to() -> None:
    async with await Outlets.start() as evil, await Outlets.start() as victim, opened(deadline=0.1) as web:
        evil.page("/rss").redirects_to(victim.url("/slow"))
        victim.page("/slow").hangs()
        for _ in range(4):
            assert (await failure(web, evil.url("/rss"))).kind == FetchKind.TIMEOUT
        for _ in range(3):
            assert (await failure(web, victim.url("/slow"))).kind == FetchKind.TIMEOUT
        assert (await failure(web, victim.url("/slow"))).kind == FetchKind.HELD


async def test_a_wrong_port_does_not_hold_up_the_right_one(outlets: Outlets) -> None:
    page = outlets.page("/rss", "x")
    with nobody_at() as reserved:
        nobody = f"http://127.0.0.1:{reserved.getsockname()[1]}/rss"
        async with opened() as web:
            for _ in range(3):
                assert (await failure(web, nobody)).kind == FetchKind.CONNECT
            assert (await failure(web, nobody)).kind == FetchKind.HELD
            await document(web, page.url)


async def test_a_name_that_does_not_resolve_is_left_alone_too() -> None:
    names = Names()
    async with opened(resolver=names) as web:
        kinds = [(await failure(web, "http://nowhere.example/")).kind for _ in range(4)]
    assert kinds == [FetchKind.DNS] * 3 + [FetchKind.HELD]
    assert names.lookups == 3

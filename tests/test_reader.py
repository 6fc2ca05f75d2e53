import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.errors import NotAFeed
from bot.domain.stories import Entry, FeedDocument
from bot.feeds.parse import Reading
from bot.feeds.reader import FeedReader
from support.loop_watch import LoopWatch

PLAIN = b"<rss version='2.0'><channel><title>O</title><item><title>Told</title></item></channel></rss>"
LARGE = PLAIN + b" " * 1_000_000
ODD = b"<rss version='2.0'><channel><title>O</title><item><told>A call</told></item></channel></rss>"
"""A document that seems to hold an entry, of which our own reader makes nothing."""

NEVER = 60.0  # seconds
PATIENCE = 3.0
"""Seconds: a process that is new has to import this file in them."""


@pytest.fixture
async def reader() -> AsyncIterator[FeedReader]:
    async with FeedReader() as running:
        yield running


def never_ready(body: bytes, **_: str) -> Reading:
    """Stands for a document over which a parser works for ever."""
    time.sleep(NEVER)
    return Reading(None)


def dies(body: bytes, **_: str) -> Reading:
    os._exit(1)


def fails(body: bytes, **_: str) -> Reading:
    raise ValueError(body)


def tells_its_process(body: bytes, **_: str) -> Reading:
    entry = Entry(title=f"in process {os.getpid()} and a title that is longer than the other's")
    return Reading(FeedDocument(entries=(entry,)))


def sleeps_on_demand(body: bytes, **_: str) -> Reading:
    if b"slow" in body:
        time.sleep(NEVER)
    return tells_its_process(body)


def hangs_on_demand(body: bytes, **_: str) -> Reading:
    if b"slow" in body:
        time.sleep(NEVER)
    return replace(tells_its_process(body), settled=True)


async def titles(reader: FeedReader, body: bytes) -> list[str]:
    return [entry.title for entry in (await reader.read(body)).entries]


async def test_a_feed_is_read(reader: FeedReader) -> None:
    assert await titles(reader, PLAIN) == ["Told"]


async def test_what_is_no_feed_is_said_so(reader: FeedReader) -> None:
    with pytest.raises(NotAFeed, match="html"):
        await reader.read(b"<html></html>")


async def test_where_both_parsers_find_nothing_it_is_a_feed_without_entries(reader: FeedReader) -> None:
    assert await titles(reader, ODD) == []


async def test_the_tolerant_parser_has_a_process_of_its_own() -> None:
    async with FeedReader(tolerant=tells_its_process) as reader:
        first, second = await titles(reader, ODD), await titles(reader, ODD)
    assert first == second
    assert str(os.getpid()) not in first[0]


async def test_the_loop_goes_on_while_feeds_are_read() -> None:
    body = PLAIN.replace(b"<item>", b"<item><description>" + b"&lt;p&gt;word&lt;/p&gt; " * 4_000 + b"</description>", 1)
    body = body.replace(b"</item>", b"</item>" + b"<item><title>x</title></item>" * 2_000)
    async with FeedReader() as reader, LoopWatch() as loop:
        document = await reader.read(body)
    assert len(document.entries) == 2_001
    assert loop.longest < 0.1


async def test_a_parse_that_takes_too_long_is_killed_and_the_next_one_works() -> None:
    async with FeedReader(patience=PATIENCE, tolerant=sleeps_on_demand) as reader:
        started = time.perf_counter()
        assert await titles(reader, ODD.replace(b"call", b"slow")) == []
        assert time.perf_counter() - started < NEVER / 2
        assert "in process" in (await titles(reader, ODD))[0]


async def test_without_any_reading_it_is_no_feed() -> None:
    async with FeedReader(patience=0.5, fast=fails, tolerant=never_ready) as reader:
        with pytest.raises(NotAFeed, match="unknown"):
            await reader.read(PLAIN)


@pytest.mark.parametrize("tolerant", [pytest.param(dies, id="the process dies"), pytest.param(fails, id="it raises")])
async def test_a_failure_of_the_tolerant_parser_leaves_the_fast_one_s_reading(tolerant: object) -> None:
    async with FeedReader(tolerant=tolerant) as reader:  # type: ignore[arg-type]  # either of the two functions above
        assert await titles(reader, ODD) == []
        assert await titles(reader, ODD) == []


async def test_a_cancelled_reading_holds_nobody_up() -> None:
    async with FeedReader(patience=NEVER, tolerant=sleeps_on_demand) as reader:
        await titles(reader, ODD)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(ODD.replace(b"call", b"slow")), 0.5)
        started = time.perf_counter()
        assert "in process" in (await titles(reader, ODD))[0]
        assert time.perf_counter() - started < NEVER / 2


async def test_closing_gives_up_what_is_in_hand() -> None:
    reader = FeedReader(tolerant=never_ready)
    task = asyncio.ensure_future(reader.read(ODD))
    await asyncio.sleep(1.5)
    started = time.perf_counter()
    await reader.aclose()
    assert (await task).entries == ()
    assert time.perf_counter() - started < NEVER / 2


async def test_two_documents_are_read_at_once(reader: FeedReader) -> None:
    assert await asyncio.gather(*(titles(reader, body) for body in (PLAIN, ODD, PLAIN, ODD))) == [
        ["Told"],
        [],
        ["Told"],
        [],
    ]


async def test_a_large_document_is_read_in_the_process_and_a_small_one_is_not() -> None:
    async with FeedReader(fast=hangs_on_demand) as reader:
        assert f"in process {os.getpid()} " in (await titles(reader, PLAIN))[0]
        assert f"in process {os.getpid()} " not in (await titles(reader, LARGE))[0]


async def test_a_large_document_is_read_like_any_other(reader: FeedReader) -> None:
    assert await titles(reader, LARGE) == ["Told"]
    assert await titles(reader, ODD + b" " * 1_000_000) == []
    with pytest.raises(NotAFeed, match="html"):
        await reader.read(b"<html></html>" + b" " * 1_000_000)


async def test_a_large_document_that_takes_too_long_is_given_up_and_the_next_one_works() -> None:
    async with FeedReader(patience=PATIENCE, fast=hangs_on_demand) as reader:
        started = time.perf_counter()
        with pytest.raises(NotAFeed, match="unknown"):
            await reader.read(LARGE.replace(b"Told", b"slow"))
        assert time.perf_counter() - started < NEVER / 2
        assert "in process" in (await titles(reader, LARGE))[0]


async def test_closing_does_not_wait_for_a_thread_that_hangs() -> None:
    reader = FeedReader(fast=never_ready)
    task = asyncio.ensure_future(reader.read(PLAIN))
    queued = [asyncio.ensure_future(reader.read(PLAIN)) for _ in range(3)]
    await asyncio.sleep(0.2)
    started = time.perf_counter()
    await reader.aclose()
    assert time.perf_counter() - started < NEVER / 2
    await asyncio.wait([task, *queued], timeout=NEVER / 2)
    assert all(reading.cancelled() for reading in (task, *queued))
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "parse")


async def test_nothing_starts_after_closing() -> None:
    reader = FeedReader()
    await reader.aclose()
    with pytest.raises(NotAFeed):
        await reader.read(LARGE)
    assert not reader._worker.is_running

import asyncio
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from aiohttp import ThreadedResolver

from bot.domain.errors import FetchKind
from bot.feeds.names import SystemNames
from support.fetching import failure, opened

SILENCE = 30.0
"""Seconds for which a name server says nothing: far more than anything else takes on a machine that does much else."""


@pytest.fixture
def silent_name_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A system whose name server never answers; the names that it is being asked for."""
    asked: list[str] = []
    over = threading.Event()

    def hangs(host: str, *_: object, **__: object) -> list[object]:
        asked.append(host)
        over.wait(SILENCE)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    yield asked
    over.set()


async def test_a_name_server_that_does_not_answer_holds_up_nothing_else(silent_name_server: list[str]) -> None:
    async with opened(deadline=1) as web:
        started = time.perf_counter()
        fetches = [asyncio.ensure_future(failure(web, f"http://slow-{number}.example/")) for number in range(40)]
        await asyncio.sleep(0.2)
        assert await asyncio.to_thread(lambda: "at once") == "at once"
        kinds = {failed.kind for failed in await asyncio.gather(*fetches)}
        assert kinds <= {FetchKind.TIMEOUT, FetchKind.DNS}
        assert len(silent_name_server) == 16
        assert time.perf_counter() - started < SILENCE / 2


def test_a_name_server_that_does_not_answer_does_not_hold_up_the_end(silent_name_server: list[str]) -> None:
    async def stopped_while_fetching() -> None:
        async with opened() as web, asyncio.TaskGroup() as group:
            fetching = group.create_task(web.get("http://slow.example/"))
            while not silent_name_server:  # noqa: ASYNC110 - a thread asks, which rings no bell
                await asyncio.sleep(0.01)
            fetching.cancel()

    started = time.perf_counter()
    asyncio.run(stopped_while_fetching())
    assert time.perf_counter() - started < SILENCE / 2
    assert silent_name_server == ["slow.example"]
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "names")


async def test_an_answer_that_comes_after_the_end_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    failures: list[object] = []
    monkeypatch.setattr(threading, "excepthook", failures.append)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(SILENCE) and [])

    async def left_behind() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(SystemNames().resolve("slow.example"), 0.1)

    await asyncio.to_thread(asyncio.run, left_behind())
    (thread,) = (thread for thread in threading.enumerate() if thread.name == "names")
    over.set()
    await asyncio.to_thread(thread.join, SILENCE)
    assert not thread.is_alive()
    assert failures == []


async def test_names_resolve_as_the_system_says(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 80)),
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2001:db8::1", 80, 0, 0)),
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("fe80::1", 80, 0, 1)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "getnameinfo", lambda address, _: (f"{address[0]}%lo", str(address[1])))
    ours = await SystemNames().resolve("name.example", 80, socket.AF_UNSPEC)
    assert ours == await ThreadedResolver().resolve("name.example", 80, socket.AF_UNSPEC)
    assert [result["host"] for result in ours] == ["192.0.2.1", "2001:db8::1", "fe80::1%lo"]


async def test_a_name_that_does_not_exist_is_a_failure_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def knows_none(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", knows_none)
    async with opened() as web:
        assert (await failure(web, "http://nowhere.example/")).kind == FetchKind.DNS


@pytest.mark.parametrize("name", ["a..example", "a" * 64 + ".example"])
async def test_a_name_that_cannot_exist_is_one_that_does_not(name: str) -> None:
    async with opened() as web:
        assert (await failure(web, f"http://{name}/")).kind == FetchKind.DNS

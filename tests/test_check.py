"""`tocsin check`: sources in, what would match out; one source that fails takes no other with it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.check import check
from bot.config import read_settings
from support.clocks import StillClock
from support.outlets import Feed, Outlets

CORPUS = Path(__file__).parents[2] / "shared" / "data" / "feeds"
FIELDS = {"query", "source", "feed", "story", "matches", "summary"}
FEED_FIELDS = {"title", "url", "language"}
STORY_FIELDS = {
    "id", "url", "title", "published", "language", "author", "categories", "image", "summary", "content",
}  # fmt: skip
EUMAM = 1_790_000_000.0


async def checked(
    sources: list[str], *queries: str, as_json: bool = False, allow: str = "127.0.0.0/8", zone: str = "UTC"
) -> int:
    settings = read_settings(_env_file=None, feed_allow_networks=allow, host_interval=0, timezone=zone)
    return await check(sources, queries, settings, as_json=as_json)


def shown(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    captured = capsys.readouterr()
    return captured.out, captured.err


def told(output: str) -> list[dict[str, Any]]:
    """The objects of an output, one a line, each with exactly the fields that are promised."""
    objects = [json.loads(line) for line in output.splitlines()]
    for one in objects:
        assert set(one) == FIELDS
        assert set(one["feed"]) == FEED_FIELDS
        assert set(one["story"]) == STORY_FIELDS
        assert all(set(match) == {"field", "text"} for match in one["matches"])
    return objects


def some_feed() -> Feed:
    feed = Feed("https://ledger.example/rss", "The Meridian Ledger", "en", None)
    feed.publish("The ferry sails again", "A lead about boats.", guid="ferry")
    feed.publish(
        "Brussels weighs its courses",
        "A paper lists three sites. The mandate of EUMAM is due for review. Military instructors wait.",
        url="https://ledger.example/courses",
        guid="courses",
        published=EUMAM,
    )
    return feed


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "feed.xml"
    path.write_bytes(some_feed().body())
    return str(path)


async def test_a_file_is_read_and_what_matches_is_told_as_an_alert_would(
    file: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.check.SystemClock", lambda: StillClock(EUMAM))
    assert await checked([file], "EUMAM", zone="Europe/Kyiv") == 0
    assert shown(capsys) == (
        "Brussels weighs its courses\n"
        "The Meridian Ledger · 21 Sep, 17:13 · English\n"
        "https://ledger.example/courses\n"
        "A paper lists three sites. The mandate of EUMAM is due for review.\n"
        "▸ EUMAM, in the lead\n"
        "\n",
        "",
    )


async def test_json_has_exactly_the_fields_that_are_promised(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert await checked([file], "EUMAM, instructors", as_json=True) == 0
    output, complaints = shown(capsys)
    (one,) = told(output)
    assert complaints == ""
    assert one == {
        "query": "EUMAM, instructors",
        "source": file,
        "feed": {"title": "The Meridian Ledger", "url": "https://ledger.example/rss", "language": "en"},
        "story": {
            "id": "courses",
            "url": "https://ledger.example/courses",
            "title": "Brussels weighs its courses",
            "published": "2026-09-21T14:13:20+00:00",
            "language": "en",
            "author": None,
            "categories": [],
            "image": None,
            "summary": "A paper lists three sites. The mandate of EUMAM is due for review. Military instructors wait.",
            "content": "",
        },
        "matches": [{"field": "description", "text": "EUMAM"}, {"field": "description", "text": "instructors"}],
        "summary": "A paper lists three sites. The mandate of EUMAM is due for review. Military instructors wait.",
    }


async def test_a_feed_that_breaks_off_is_read_and_said_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "feed.xml"
    body = some_feed().body()
    path.write_bytes(body[: body.rindex(b"<item>") + 30])
    assert await checked([str(path)], as_json=True) == 0
    output, complaints = shown(capsys)
    assert len(told(output)) == 1
    assert complaints == f"tocsin check: {path}: it breaks off; what came before is read\n"


async def test_a_password_in_an_address_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert await checked(["http://me:secret@127.0.0.1:9/rss"]) == 2
    assert "secret" not in "".join(shown(capsys))


async def test_each_query_that_a_story_matches_tells_it(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert await checked([file], "EUMAM", "ferry", "military instructors", "nobody", as_json=True) == 0
    found = {(one["query"], one["story"]["id"]) for one in told(shown(capsys)[0])}
    assert found == {("EUMAM", "courses"), ("ferry", "ferry"), ("military instructors", "courses")}


@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
async def test_without_a_query_every_entry_is_told(
    file: str, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    assert await checked([file], as_json=as_json) == 0
    output, _ = shown(capsys)
    if as_json:
        assert [(one["query"], one["matches"], one["story"]["id"]) for one in told(output)] == [
            (None, [], "courses"),
            (None, [], "ferry"),
        ]
    else:
        assert "The ferry sails again" in output
        assert "▸" not in output


async def test_nothing_that_matches_is_status_1_and_silence(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert await checked([file], "nobody") == 1
    assert shown(capsys) == ("", "")


async def test_a_url_is_read_through_the_guarded_fetch(capsys: pytest.CaptureFixture[str]) -> None:
    async with await Outlets.start() as outlets:
        feed = outlets.feed("/rss", title="Harbour Wire")
        feed.publish("EUMAM moves", url="/stories/1", guid="1")
        assert await checked([feed.url], "EUMAM", as_json=True) == 0
        (one,) = told(shown(capsys)[0])
        assert one["source"] == feed.url
        assert one["story"]["url"] == outlets.url("/stories/1")


async def test_an_address_that_is_not_public_is_refused_unless_it_was_allowed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with await Outlets.start() as outlets:
        feed = outlets.feed("/rss")
        feed.publish("EUMAM moves")
        assert await checked([feed.url], "EUMAM", allow="") == 2
        assert feed.hits == 0
        output, complaints = shown(capsys)
        assert output == ""
        assert complaints.startswith(f"tocsin check: {feed.url}: ")
        assert complaints.count("\n") == 1


async def test_a_source_that_fails_is_named_and_the_others_are_told(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><html><body>No feed, but EUMAM.</body></html>")
    async with await Outlets.start() as outlets:
        gone, broken = outlets.url("/gone"), outlets.feed("/broken")
        broken.fails(503)
        missing, folder = str(tmp_path / "missing.xml"), str(tmp_path)
        sources = [missing, gone, file, broken.url, str(page), folder, "ftp://a.example/rss", "http://[broken"]
        assert await checked(sources, "EUMAM", as_json=True) == 2
        output, complaints = shown(capsys)
        assert len(told(output)) == 1
        lines = complaints.splitlines()
        assert len(lines) == len(sources) - 1
        for source in sources:
            assert (source == file) == (not any(line.startswith(f"tocsin check: {source}: ") for line in lines))
        assert "No such file or directory" in lines[0]
        assert "404" in lines[1]
        assert "503" in lines[2]
        assert "html" in lines[3]


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        pytest.param('"EUMAM', "The quotation mark", id="an open quotation"),
        pytest.param(", ,", "Say what to watch", id="nothing"),
        pytest.param("x" * 501, "A filter may have 500 characters", id="too long"),
    ],
)
async def test_a_query_that_cannot_be_read_is_status_2_and_one_line(
    file: str, capsys: pytest.CaptureFixture[str], query: str, complaint: str
) -> None:
    assert await checked([file], "EUMAM", query) == 2
    output, complaints = shown(capsys)
    assert output == ""
    assert complaints.startswith(f"tocsin check: {complaint}")
    assert complaints.count("\n") == 1
    assert "<code>" not in complaints


async def test_what_a_feed_wrote_cannot_break_a_line_of_json_nor_command_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "feed.json"
    item = {"id": "1\x1b[2J\u2028", "title": "EUMAM \x1b[31mred\u2028next\x00", "content_text": "a\nb\x1b]0;owned\x07"}
    path.write_text(json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "T\x1b[1m", "items": [item]}))
    assert await checked([str(path)], "EUMAM", as_json=True) == 0
    output, _ = shown(capsys)
    assert output.count("\n") == 1
    told(output)
    assert await checked([str(path)], "EUMAM") == 0
    assert not set(shown(capsys)[0]) & set("\x1b\x00\x07")


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the collected feeds are not here")
async def test_no_feed_of_the_collection_brings_it_down(capsys: pytest.CaptureFixture[str]) -> None:
    sources = sorted(str(path) for path in CORPUS.iterdir() if path.is_file() and path.suffix in {".xml", ".json"})
    assert len(sources) > 50
    status = await checked(sources, as_json=True)
    output, complaints = shown(capsys)
    failed = complaints.splitlines()
    assert status == (2 if failed else 0)
    assert all(": no feed (it seems to be: " in line for line in failed), complaints
    assert len(failed) < len(sources) / 10, complaints
    assert {one["source"] for one in told(output)} | {line.split(": ")[1] for line in failed} <= set(sources)
    await checked(sources)
    text, _ = shown(capsys)
    assert not set(text) & set("\x1b\x00\x07\x9b\r")


@pytest.mark.skipif(not Path(sys.executable).with_name("tocsin").exists(), reason="the program is not installed")
def test_the_installed_program_checks_a_file(file: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("tocsin")), "check", file, "--query", "EUMAM", "-q", "ferry", "--json"],
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert {one["query"] for one in told(done.stdout)} == {"EUMAM", "ferry"}
    assert not (tmp_path / "data").exists(), "it stores nothing"


def test_what_needs_no_telegram_does_not_wait_for_its_library_to_be_imported() -> None:
    program = "import sys, bot.cli; sys.exit('aiogram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


async def test_a_file_that_is_larger_than_a_feed_may_be_is_not_read_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    large = tmp_path / "large.xml"
    with large.open("wb") as file:
        file.truncate(20_000_000)
    assert await checked([str(large)]) == 2
    assert "too-large" in shown(capsys)[1]

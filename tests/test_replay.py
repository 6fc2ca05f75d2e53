"""The replay benchmark: outlets that do what real ones do, played through the bot, and an oracle that can say no."""

import subprocess
import sys
import tarfile
from collections.abc import Sequence
from email.utils import formatdate
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

from replay import Outcome, replay  # noqa: E402 - it lies in no package
from replay_oracle import Item, Poll, Published, Told, items_of, judge, published  # noqa: E402

START = 1_800_000_000.0
PAUSE = 600.0  # seconds between two polls
SITE = "https://www.gazette.example"


def item(guid: str, link: str, title: str, minutes: float = 0) -> Item:
    """An item that is dated so many minutes after the first poll."""
    return Item(guid, link, title, formatdate(START + 60 * minutes))


OLD = item("old", f"{SITE}/2027/the-harbour-before-all-this", "The harbour before all this", -60)
FERRY = item("ferry-1", f"{SITE}/2027/ferry-runs-aground-off-pier", "Ferry runs aground off the pier", 5)
STRIKE = item("strike-1", f"{SITE}/2027/bakers-strike-enters-week", "Bakers' strike enters its second week", 6)
BRIDGE = item("bridge-1", f"{SITE}/2027/old-bridge-closed-after", "Old bridge closed after a crack is found", 7)

FRONT = f"{SITE}/"
LATEST = f"{SITE}/world/latest"

# What each outlet's document holds at one poll after the other, and how many articles that are.
CASES: dict[str, tuple[list[list[Item]], int]] = {
    "quiet": ([[OLD], [OLD], [OLD]], 1),
    "retitled": ([[OLD], [FERRY, OLD], [FERRY._replace(title="All safe after night on the sandbank"), OLD]], 2),
    "re-dated": ([[OLD], [FERRY, OLD], [FERRY._replace(date=formatdate(START + 1_100)), OLD]], 2),
    "another-link": ([[OLD], [FERRY, OLD], [FERRY._replace(link=f"{SITE}/2027/sea/ferry-is-afloat-again"), OLD]], 2),
    "another-guid": ([[OLD], [FERRY, OLD], [FERRY._replace(guid="ferry-2"), OLD]], 2),
    "guid-holds-the-headline": (
        [
            [OLD],
            [FERRY._replace(guid="17 Ferry runs aground"), OLD],
            [FERRY._replace(guid="17 Ferry towed free", title="Ferry towed free at high tide"), OLD],
        ],
        2,
    ),
    "to-https": (
        [
            [OLD],
            [
                item(
                    "http://gazette.example/2027/ferry-runs-aground",
                    "http://gazette.example/2027/ferry-runs-aground",
                    "Ferry",
                    5,
                )
            ],
            [
                item(
                    "https://gazette.example/2027/ferry-runs-aground",
                    "https://gazette.example/2027/ferry-runs-aground",
                    "Ferry",
                    5,
                )
            ],
        ],
        2,
    ),
    "tracked": (
        [
            [OLD],
            [FERRY._replace(guid="", link=f"{FERRY.link}?utm_source=rss&utm_campaign=noon"), OLD],
            [FERRY._replace(guid="", link=f"{FERRY.link}?utm_source=rss&utm_campaign=dusk"), OLD],
            [FERRY._replace(guid="", link=FERRY.link), OLD],
        ],
        2,
    ),
    "mobile": (
        [
            [OLD],
            [FERRY._replace(guid="")],
            [FERRY._replace(guid="", link="https://m.gazette.example/2027/ferry-runs-aground-off-pier")],
            [FERRY._replace(guid="", link=f"{FERRY.link}/amp")],
        ],
        2,
    ),
    "another-slug": (
        [
            [OLD],
            [item("", f"{SITE}/news/2027/01/4711234/ferry-aground-off-pier", "Ferry aground off pier", 5), OLD],
            [item("", f"{SITE}/news/2027/01/4711234/ferry-afloat-at-last", "Ferry afloat at last", 5), OLD],
        ],
        2,
    ),
    "vanishing": ([[OLD, FERRY], [OLD, STRIKE], [OLD, FERRY], [OLD, FERRY, STRIKE]], 3),
    "listed-twice": ([[OLD], [FERRY, STRIKE, FERRY, OLD], [STRIKE, FERRY, OLD]], 3),
    "to-the-front-page": (
        [
            [OLD._replace(link=FRONT), FERRY._replace(link=FRONT)],
            [STRIKE._replace(link=FRONT), OLD._replace(link=FRONT), FERRY._replace(link=FRONT)],
            [BRIDGE._replace(link=FRONT), STRIKE._replace(link=FRONT), OLD._replace(link=FRONT)],
        ],
        4,
    ),
    "to-the-front-page-without-guids": (
        [
            [OLD._replace(guid="", link=FRONT), FERRY._replace(guid="", link=FRONT)],
            [STRIKE._replace(guid="", link=FRONT), OLD._replace(guid="", link=FRONT)],
            [BRIDGE._replace(guid="", link=FRONT), STRIKE._replace(guid="", link=FRONT)],
        ],
        4,
    ),
    "one-guid-for-two": (
        [[OLD], [FERRY._replace(guid="0"), STRIKE._replace(guid="0"), OLD], [STRIKE._replace(guid="0"), OLD]],
        3,
    ),
    "regenerated": (
        [
            [FERRY, STRIKE, OLD],
            [BRIDGE, FERRY, STRIKE],
            [entry._replace(guid=f"urn:new:{number}") for number, entry in enumerate((BRIDGE, FERRY, STRIKE))],
            [entry._replace(guid=f"urn:newer:{number}") for number, entry in enumerate((BRIDGE, FERRY, STRIKE))],
        ],
        4,
    ),
    "one-at-a-time": ([[entry._replace(link=LATEST)] for entry in (OLD, FERRY, STRIKE, BRIDGE)], 4),
}


def rss(items: Sequence[Item]) -> bytes:
    """A document that holds these items."""
    entries = "".join(
        "<item>"
        + (f"<guid isPermaLink='false'>{escape(entry.guid)}</guid>" if entry.guid else "")
        + (f"<link>{escape(entry.link)}</link>" if entry.link else "")
        + f"<title>{escape(entry.title)}</title><pubDate>{entry.date}</pubDate>"
        + f"<description>{escape(entry.title)}, as our reporter writes.</description></item>"
        for entry in items
    )
    return f"<rss version='2.0'><channel><title>The Gazette</title>{entries}</channel></rss>".encode()


def folder_of(folder: Path, outlets: dict[str, Sequence[bytes]]) -> Path:
    """A replay of these outlets' documents, one every ten minutes."""
    lines = ["run,poll_no,utc_time,commit,outlet,file,sha1,bytes,changed_since_previous"]
    with tarfile.open(folder / "replay.tar.xz", "w:xz") as archive:
        for outlet, documents in outlets.items():
            for number, body in enumerate(documents):
                file = tarfile.TarInfo(f"{outlet}/{number}.xml")
                file.size = len(body)
                archive.addfile(file, BytesIO(body))
                minutes = number * 10
                lines.append(f"0,{number},2027-01-15T08:{minutes:02}:00Z,,{outlet},{file.name},,{len(body)},")
    (folder / "manifest.csv").write_text("\n".join(lines) + "\n")
    return folder


def oracle_of(case: str) -> Published:
    polls, _ = CASES[case]
    return published([Poll(START + PAUSE * number, tuple(items)) for number, items in enumerate(polls)])


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    folder = folder_of(
        tmp_path_factory.mktemp("replay"), {case: [rss(items) for items in polls] for case, (polls, _) in CASES.items()}
    )
    return {outcome.outlet: outcome for outcome in replay(folder)}


@pytest.mark.parametrize("case", CASES)
def test_the_oracle_knows_how_many_articles_an_outlet_published(case: str) -> None:
    assert len(oracle_of(case).articles) == CASES[case][1]


@pytest.mark.parametrize("case", CASES)
def test_the_bot_tells_each_article_once(case: str, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[case]
    assert outcome.verdict.is_clean, outcome.verdict
    assert len(outcome.stories) == CASES[case][1]
    assert sum(story.alerts for story in outcome.stories) == sum(
        not article.in_first_document for article in outcome.published.articles
    )


def told(*entries: Item, alerts: int = 1, story_id: int = 1) -> Told:
    return Told(story_id, entries, alerts)


FAITHFUL = [told(OLD, alerts=0), told(FERRY, story_id=2), told(STRIKE, story_id=3)]
HARBOUR = published([Poll(START, (OLD,)), Poll(START + PAUSE, (OLD, FERRY, STRIKE))])


def test_the_oracle_has_nothing_to_say_of_stories_that_are_as_they_were_published() -> None:
    assert judge(HARBOUR, FAITHFUL).is_clean


def test_a_second_story_of_an_article_is_a_repeat() -> None:
    verdict = judge(HARBOUR, [*FAITHFUL, told(FERRY, alerts=0, story_id=4)])
    ((article, stories),) = verdict.repeats
    assert article.items == (FERRY,)
    assert [story.story_id for story in stories] == [2, 4]
    assert verdict.repeated == 1
    assert not verdict.is_clean


def test_a_second_alert_on_an_article_is_a_repeat() -> None:
    verdict = judge(HARBOUR, [*FAITHFUL[:2], told(STRIKE, alerts=3, story_id=3)])
    assert (verdict.repeated, len(verdict.repeats)) == (2, 1)


def test_an_alert_on_what_was_in_the_first_document_is_a_repeat() -> None:
    assert judge(HARBOUR, [told(OLD, alerts=1), *FAITHFUL[1:]]).repeated == 1


def test_an_article_without_a_story_is_a_miss() -> None:
    verdict = judge(HARBOUR, FAITHFUL[:2])
    assert [article.items for article, _ in verdict.misses] == [(STRIKE,)]
    assert not verdict.is_clean


def test_an_article_without_an_alert_is_a_miss() -> None:
    verdict = judge(HARBOUR, [*FAITHFUL[:2], told(STRIKE, alerts=0, story_id=3)])
    assert [article.items for article, _ in verdict.misses] == [(STRIKE,)]


def test_an_article_that_is_old_when_it_turns_up_needs_no_alert() -> None:
    late = item("late", f"{SITE}/2026/regatta-of-last-summer", "Regatta of last summer", -60 * 24 * 30)
    found = published([Poll(START, (OLD,)), Poll(START + PAUSE, (OLD, late))])
    assert judge(found, [told(OLD, alerts=0), told(late, alerts=0, story_id=2)]).is_clean


def test_a_story_that_was_two_articles_is_a_wrong_merge() -> None:
    verdict = judge(HARBOUR, [FAITHFUL[0], told(FERRY, STRIKE, story_id=2)])
    ((story, articles),) = verdict.merges
    assert story.story_id == 2
    assert [article.items for article in articles] == [(FERRY,), (STRIKE,)]
    assert not verdict.is_clean


def test_a_story_that_no_outlet_published_is_a_stray() -> None:
    verdict = judge(HARBOUR, [*FAITHFUL, told(BRIDGE, story_id=4)])
    assert [story.story_id for story in verdict.strays] == [4]
    assert not verdict.is_clean


def test_an_article_that_moved_to_another_section_may_be_one_story_or_two() -> None:
    moved = FERRY._replace(guid="ferry-2", link=f"{SITE}/2027/sea/ferry-runs-aground-off-pier")
    found = published([Poll(START, (OLD,)), Poll(START + PAUSE, (OLD, FERRY)), Poll(START + 2 * PAUSE, (OLD, moved))])
    assert len(found.articles) == 3
    assert len(found.twins) == 1
    assert judge(found, [FAITHFUL[0], told(FERRY, story_id=2), told(moved, story_id=3)]).is_clean
    assert not judge(found, [FAITHFUL[0], told(FERRY, moved, story_id=2)]).merges


def test_a_story_whose_link_was_mended_by_the_reader_is_still_found() -> None:
    relative = FERRY._replace(link="/2027/ferry-runs-aground-off-pier")
    found = published([Poll(START, (OLD,)), Poll(START + PAUSE, (OLD, relative, STRIKE))])
    assert judge(found, FAITHFUL).is_clean


def test_what_a_rule_has_joined_was_several_raw_sets() -> None:
    assert [article.raw_sets for article in oracle_of("another-slug").articles] == [1, 2]
    assert [article.raw_sets for article in oracle_of("another-guid").articles] == [1, 1]


@pytest.mark.parametrize(
    ("body", "items"),
    [
        pytest.param(rss([FERRY, OLD]), [FERRY, OLD], id="RSS 2.0"),
        pytest.param(
            b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:1</id><title>Ferry</title>
            <link rel="self" href="https://a.example/1.atom"/><link href="https://a.example/1"/>
            <updated>2027-01-15T09:00:00Z</updated><published>2027-01-15T08:00:00Z</published></entry></feed>""",
            [Item("tag:1", "https://a.example/1", "Ferry", "2027-01-15T08:00:00Z")],
            id="Atom",
        ),
        pytest.param(
            b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
            xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="urn:1"><title>Ferry</title>
            <link>https://a.example/1</link><dc:date>2027-01-15</dc:date></item></rdf:RDF>""",
            [Item("urn:1", "https://a.example/1", "Ferry", "2027-01-15")],
            id="RSS 1.0",
        ),
        pytest.param(
            b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":1,"url":"https://a.example/1","title":"Ferry"}]}',
            [Item("1", "https://a.example/1", "Ferry")],
            id="JSON Feed",
        ),
        pytest.param(
            b"<rss><channel><item><guid>https://a.example/1</guid><description>Ferry</description></item></channel></rss>",
            [Item("https://a.example/1", "https://a.example/1", "Ferry")],
            id="no link, no title",
        ),
        pytest.param(b"<rss><channel><item/></channel></rss>", [], id="an item that says nothing"),
        pytest.param(b"<p>Back soon", [], id="a page"),
        pytest.param(b'{"message":"Back soon"}', [], id="some other JSON"),
        pytest.param(b'{"items":[null]}', [], id="JSON whose items are none"),
        pytest.param(b"", [], id="nothing"),
    ],
)
def test_items_are_read_as_they_stand(body: bytes, items: list[Item]) -> None:
    assert items_of(body) == items


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, BENCHMARKS / "replay.py", folder], capture_output=True, text=True, timeout=60, check=False
    )


def test_a_replay_that_is_told_well_ends_with_status_0(tmp_path: Path) -> None:
    documents = [rss(items) for items in CASES["retitled"][0]]
    finished = run(folder_of(tmp_path, {"gazette": [*documents, documents[-1]]}))
    assert finished.returncode == 0, finished.stderr
    header, line, *_ = finished.stdout.splitlines()
    figures = dict(zip(header.replace("raw sets", "raw").split(), line.split()[1:], strict=True))
    assert line.startswith("gazette ")
    assert figures == {
        "polls": "4",
        "parsed": "3",
        "raw": "2",
        "articles": "2",
        "stories": "2",
        "versions": "3",
        "alerts": "1",
        "repeats": "0",
        "misses": "0",
        "merges": "0",
    }
    assert finished.stdout.rstrip().endswith("PASS")


def test_a_replay_in_which_an_article_was_missed_ends_with_status_1_and_names_it(tmp_path: Path) -> None:
    # No feed to the bot; the oracle looks for items in whatever it is given.
    no_feed = rss([BRIDGE]).replace(b"rss", b"stock").replace(b"channel", b"shelf")
    finished = run(folder_of(tmp_path, {"gazette": [rss([OLD]), no_feed]}))
    assert finished.returncode == 1, finished.stderr
    assert "MISS, gazette: no story" in finished.stdout
    assert BRIDGE.title in finished.stdout
    assert BRIDGE.link in finished.stdout
    assert finished.stdout.rstrip().endswith("FAIL")

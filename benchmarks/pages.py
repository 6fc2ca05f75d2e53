"""What it costs to read articles' pages, and whether the words that come out are the articles'.

    python benchmarks/pages.py [--pages 200] [--seed 1]

Pages are made up here: eight kinds of layout in six languages with up to sixty paragraphs, navigation, teasers and
comments; walls of all kinds; pages that are too large, endless, in a wrong charset or no article. They are served over
HTTP on loopback and read by the bot's own adapter, robots.txt and all; while it works, the loop's longest stall is
measured, and compared with a loop that idles for as long.

Prints one table, and ends with status 0 if what must hold does, 1 if not.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from ipaddress import ip_network
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Final, TypeVar

# What is measured is this checkout, whatever is installed; pages and their server are the tests'.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.clock import SystemClock
from bot.feeds.article import extract, strip
from bot.feeds.full_text import FullText
from bot.feeds.web import GuardedWeb
from bot.ports.web import NoText, NoTextKind, PageText
from support import articles
from support.articles import FOREIGN, STORIES, TEMPLATES, Story
from support.outlets import Outlets

MOST_STALL: Final = 0.05  # seconds above that of an idle loop
MOST_MEDIAN: Final = 0.022  # seconds of processor time: trafilatura's own 11 ms, and as much again for the rest

_LOOPBACK: Final = (ip_network("127.0.0.0/8"),)
Made = TypeVar("Made")


@dataclass(frozen=True)
class Case:
    """A page: what is served, what is there to be read, and the reason that is expected where nothing is."""

    name: str
    body: bytes
    paragraphs: tuple[str, ...] = ()
    why: NoTextKind | None = None
    content_type: str = "text/html; charset=utf-8"


def longer(story: Story, random: Random) -> Story:
    """The story with more paragraphs, its own last."""
    *head, last = story.paragraphs
    more = [f"{random.choice(head).rstrip('.')} ({number})." for number in range(random.randint(0, 54))]
    return replace(story, paragraphs=(*head, *more, last))


def heavier(source: str, random: Random) -> str:
    """The page with the scripts, styles and menus that a page of these days has."""
    menu = "".join(f'<li><a href="/n/{n}">{FOREIGN["navigation"]} {n}</a></li>' for n in range(random.randint(20, 300)))
    script = "var x = {" + ",".join(f'"k{n}":"<p>EUMAM</p>"' for n in range(random.randint(50, 4_000))) + "};"
    return source.replace("<body>", f"<body><script>{script}</script><div class='menu'><ul>{menu}</ul></div>")


def cases(count: int, random: Random) -> list[Case]:
    """So many pages, one in four of them without an article."""
    made: list[Case] = []
    templates = list(TEMPLATES.items())
    for number in range(count):
        story = longer(random.choice(STORIES), random)
        name, template = templates[number % len(templates)]
        source = heavier(template(story), random)
        if number % 16 == 7:
            cyrillic = longer(articles.UKRAINIAN, random)
            body = articles.wordpress(cyrillic).replace("utf-8", "windows-1251").encode("cp1251", "xmlcharrefreplace")
            made.append(Case("a wrong charset", body, cyrillic.paragraphs, content_type="text/html; charset=utf-8"))
        elif number % 4 == 3:
            made.append(_without_article(number // 4, story))
        else:
            made.append(Case(name, source.encode(), story.paragraphs))
    return made


def _without_article(number: int, story: Story) -> Case:
    kinds: list[Callable[[], Case]] = [
        lambda: Case("a paywall", articles.paywall(story).encode(), why=NoTextKind.PAYWALL),
        lambda: Case("a consent wall", articles.consent_wall(story).encode(), why=NoTextKind.CONSENT),
        lambda: Case("a login", articles.login(story).encode(), why=NoTextKind.LOGIN),
        lambda: Case("a challenge", articles.challenge(story).encode(), why=NoTextKind.CHALLENGE),
        lambda: Case("a section", articles.front(story).encode(), why=NoTextKind.NO_ARTICLE),
        lambda: Case("5 MB", articles.semantic(story).encode() + b" " * 5_000_000, why=NoTextKind.TOO_LARGE),
        lambda: Case("endless", b"", why=NoTextKind.TOO_LARGE),
        lambda: Case("a PDF", b"%PDF-1.7", why=NoTextKind.NOT_HTML, content_type="application/pdf"),
    ]
    return kinds[number % len(kinds)]()


async def longest_stall(work: Awaitable[Made]) -> tuple[Made, float]:
    """What comes of some work, and for how long the loop stood still meanwhile at the longest, in seconds."""
    longest = 0.0
    done = asyncio.Event()

    async def watch() -> None:
        nonlocal longest
        while not done.is_set():
            started = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - started - 0.001)

    async with asyncio.TaskGroup() as group:
        group.create_task(watch())
        try:
            made = await work
        finally:
            done.set()
    return made, longest


async def read_all(pages: FullText, urls: list[str]) -> list[PageText | NoText]:
    """All pages, eight at once."""
    room = asyncio.Semaphore(8)

    async def could_matter(words: str) -> bool:
        return "EUMAM" in words

    async def one(url: str) -> PageText | NoText:
        async with room:
            return await pages.text(url, could_matter)

    return list(await asyncio.gather(*(one(url) for url in urls)))


def is_right(case: Case, found: PageText | NoText) -> bool:
    """Whether a page's text is all of its article and nothing else, or its reason the one expected."""
    if isinstance(found, NoText):
        return found.kind == case.why or (found.kind == NoTextKind.IRRELEVANT and case.why is not None)
    whole = case.why is None and all(paragraph in found.text for paragraph in case.paragraphs)
    return whole and not any(word in found.text for word in FOREIGN.values())


async def measure(made: list[Case]) -> bool:
    """Print the table; whether what must hold does."""
    async with await Outlets.start() as outlets:
        urls = []
        for number, case in enumerate(made):
            page = outlets.page(f"/2026/11/24/story-{number}.html", case.body, case.content_type)
            if case.name == "endless":
                page.never_ends()
            urls.append(page.url)
        clock = SystemClock()
        async with GuardedWeb(clock, allow_networks=_LOOPBACK) as web, FullText(web, clock) as pages:
            await pages.text(urls[0])  # the process is started once, which is not what is measured
            started = time.perf_counter()
            found, stall = await longest_stall(read_all(pages, urls))
            taken = time.perf_counter() - started
        _, idle = await longest_stall(asyncio.sleep(taken))
    wrong = [(case.name, result) for case, result in zip(made, found, strict=True) if not is_right(case, result)]
    costs: dict[str, list[float]] = {"strip": [], "extract": []}
    for case in made:
        if case.why is None:
            for name, run in (("strip", strip), ("extract", extract)):
                begun = time.process_time()
                run(case.body, case.content_type, "https://outlet.example/a/story.html")
                costs[name].append(time.process_time() - begun)
    sizes = [len(case.body) / 1_000 for case in made if case.why is None]
    print(f"{len(made)} pages in {taken:.1f} s, articles of {median(sizes):.0f} kB (median)")
    for name, seconds in costs.items():
        print(f"{name}: median {median(seconds) * 1000:.1f} ms, p95 {quantiles(seconds, n=20)[-1] * 1000:.1f} ms")
    checks = {
        f"{len(made) - len(wrong)} of {len(made)} right": not wrong,
        f"longest stall {stall * 1000:.0f} ms (idle {idle * 1000:.0f})": stall - idle <= MOST_STALL,
        f"extract {median(costs['extract']) * 1000:.1f} ms": median(costs["extract"]) <= MOST_MEDIAN,
    }
    for name, result in wrong[:10]:
        print(f"  wrong: {name}: {str(result)[:300]}")
    for text, holds in checks.items():
        print("PASS" if holds else "FAIL", text)
    return all(checks.values())


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    return 0 if asyncio.run(measure(cases(options.pages, Random(options.seed)))) else 1


if __name__ == "__main__":
    sys.exit(main())

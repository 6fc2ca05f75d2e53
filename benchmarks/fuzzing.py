"""The feed reader against bytes that a fuzzer makes up, guided by what they reach in the code.

    make fuzz                          # ten minutes
    python benchmarks/fuzzing.py 60    # so many seconds

It begins with small documents of every format and mutates them. Status 1, with the bytes that did it in a file beside
the corpus, at the first crash (anything but `NotAFeed` leaving the reader), reading of more than two seconds, or
memory above 200 MB over what the program takes at its start. Needs atheris, which `make fuzz` installs.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["bot.feeds", "bot.domain"]):
    from bot.domain.errors import NotAFeed
    from bot.domain.stories import identify
    from bot.feeds.parse import parse

SECONDS = 600
PATIENCE = 2.0
MEMORY = 200 * 1024  # kB
LONGEST = 20_000  # bytes of a document

SEEDS = [
    b"<rss version='2.0'><channel><title>O</title><link>https://o.example/</link><language>uk</language><ttl>15</ttl>"
    b"<item><title>A &amp;amp; B</title><link>/a?utm_source=rss</link><guid isPermaLink='false'>1</guid>"
    b"<description><![CDATA[<p>One.</p><script>x</script>]]></description><pubDate>Mon, 12 Oct 2026 14:30:00 +0300"
    b"</pubDate><category>x</category><enclosure url='/a.jpg' type='image/jpeg'/></item></channel></rss>",
    b"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en' xml:base='https://o.example/'><title>O</title><entry>"
    b"<id>tag:1</id><title type='html'>&lt;b&gt;A&lt;/b&gt;</title><link rel='alternate' href='a'/><updated>"
    b"2026-10-12T14:30:00.5Z</updated><author><name>Ana</name></author><content type='xhtml'><div "
    b"xmlns='http://www.w3.org/1999/xhtml'><p>One.</p></div></content></entry></feed>",
    b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' xmlns:dc="
    b"'http://purl.org/dc/elements/1.1/'><channel rdf:about='x'><title>O</title></channel><item rdf:about='y'><title>"
    b"A</title><dc:date>2026-10</dc:date><dc:creator>Ana</dc:creator></item></rdf:RDF>",
    b'{"version": "https://jsonfeed.org/version/1.1", "title": "O", "items": [{"id": "1", "url": "/a", "content_html": '
    b'"<p>One.</p>", "date_published": "2026-10-12T14:30:00Z", "authors": [{"name": "Ana"}], "tags": ["x"]}]}',
    b"<!DOCTYPE rss [<!ENTITY a 'b'>]><RSS><Channel><item><title>&a; <b>x</title><media:content url='a.jpg'/></item>",
    b"<?xml version='1.0' encoding='windows-1251'?><rss><channel><item><title>"
    + "Військові".encode("cp1251")
    + b"</title></item></channel></rss>",
    "<rss><channel><item><title>軍事教官</title></item></channel></rss>".encode("utf-16"),
    b"<!doctype html><html><head><link rel='alternate' type='application/rss+xml' href='/rss'></head><body>Before you "
    b"continue</body></html>",
]
WORDS = """<item> </item> <entry> </entry> <title> </title> <![CDATA[ ]]> <!-- --> &amp; &#128; &#xD800; &nbsp;
xmlns:dc=" <link <guid> <description> <content:encoded> <pubDate> type="xhtml" mode="base64" xml:base=" </rss>
<rss <channel> <feed> <rdf:RDF> <!DOCTYPE <script> <br> 12жовтня 2026-W41 charset= encoding=" "items": \\ud83d"""


def read(body: bytes) -> None:
    """Read a document as the bot does, and compare it as the store would."""
    started = time.perf_counter()
    try:
        document = parse(body, content_type="text/xml", url="https://o.example/feeds/")
        _ = identify(document.entries).digest
    except NotAFeed:
        pass
    seconds = time.perf_counter() - started
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - AT_START
    if seconds > PATIENCE:
        raise TimeoutError(f"{seconds:.1f} s over {len(body)} bytes")
    if grown > MEMORY:
        raise MemoryError(f"{grown // 1024} MB more than at the start, after {len(body)} bytes")


def _quoted(word: str) -> str:
    """A word as libFuzzer's dictionaries have it."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"\n'


def main() -> None:
    """Fuzz for as long as was asked."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(SEEDS):
            (Path(folder) / f"seed-{number}").write_bytes(seed)
        words = Path(folder).with_suffix(".words")
        words.write_text("".join(map(_quoted, WORDS.split())))
        limits = [
            f"-max_total_time={seconds}",
            f"-max_len={LONGEST}",
            "-rss_limit_mb=0",
            f"-dict={words}",
            "-timeout=20",
        ]
        atheris.Setup([sys.argv[0], *limits, folder], read, enable_python_coverage=True)
        print(f"{len(SEEDS)} seeds, {seconds} s, {AT_START // 1024} MB at the start", flush=True)
        atheris.Fuzz()


for seed in SEEDS:
    try:
        parse(seed)  # what is loaded when first needed counts as the program's
    except NotAFeed:
        continue
AT_START = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

if __name__ == "__main__":
    main()

"""What the documents say, held against the code."""

import re
import subprocess
from pathlib import Path

import pytest

import bot
from bot.domain.rich import to_plain
from bot.feeds.opml import NotAnOutlineError, read_opml, read_pack
from bot.texts import Texts
from handlers.commands import COMMANDS
from handlers.commands.base import Command
from handlers.on_discord.permissions import INVITE, invitation

ROOT = Path(__file__).parents[1]


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return [path for line in listed.splitlines() if (path := ROOT / line).is_file()]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_each_command_has_its_row_in_the_readme_with_its_aliases_and_its_line_of_the_menu(command: Command) -> None:
    rows = [line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if line.startswith("| `/")]
    row = next((row for row in rows if row.startswith(f"| `{command.usage}`")), "")
    assert row.endswith(f" {to_plain(Texts()(f'menu-{command.name}'))} |"), row
    for alias in command.aliases:
        assert f"`/{alias}`" in row
    assert len(rows) == len(COMMANDS)


def test_names_and_aliases_are_each_used_once() -> None:
    names = [name for command in COMMANDS for name in (command.name, *command.aliases)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_each_example_is_a_use_of_its_command(command: Command) -> None:
    assert command.example.split()[0] == f"/{command.name}"
    assert command.usage.split()[0] == f"/{command.name}"


@pytest.mark.parametrize("document", ["README.md", "docs/discord.md"])
def test_the_invitation_asks_for_exactly_what_the_bot_needs(document: str) -> None:
    told = re.findall(r"permissions=(\d+)", (ROOT / document).read_text("utf-8"))
    assert told == [str(INVITE)]
    link = invitation("ID")
    assert link.endswith(f"&scope=bot+applications.commands&permissions={INVITE}")
    assert document != "README.md" or link in (ROOT / document).read_text("utf-8")


def test_make_targets_that_the_readme_names_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = set(re.findall(r"make (\w+)", (ROOT / "README.md").read_text("utf-8")))
    assert named >= {"demo", "run", "test"}
    for target in named:
        assert re.search(rf"^{target}:.*## ", makefile, re.MULTILINE), target


def test_the_changelog_begins_with_what_is_not_released_and_knows_this_version_then() -> None:
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert bot.__version__ in headings[1:] or len(headings) == 1


def test_requirements_are_pinned_by_version_and_hash_and_name_no_registry() -> None:
    for name, least in (("run.txt", 30), ("dev.txt", 30), ("fuzz.txt", 1)):
        text = (ROOT / "requirements" / name).read_text("utf-8")
        pins = re.findall(r"^[a-z0-9][\w.\-\[\]]*==\S+", text, re.MULTILINE)
        assert len(pins) >= least
        assert len(re.findall(r"^\S", text, re.MULTILINE)) == len(pins), "nothing but pins begins a line"
        assert text.count("--hash=sha256:") >= len(pins)
        assert "://" not in text
        assert "index-url" not in text


def test_no_path_of_a_machine_is_in_the_project() -> None:
    for path in _tracked():
        if path.suffix in {".py", ".md", ".toml", ".txt", ".ftl", ".opml", ""}:
            text = path.read_text("utf-8", errors="replace")
            assert str(ROOT.parent) + "/" not in text or path == Path(__file__), path


def test_decisions_are_numbered_without_a_gap_and_say_what_was_decided() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        assert "**Decided.**" in page.read_text("utf-8"), page


def test_a_pack_is_found_by_its_name_and_by_its_path_and_its_lack_is_named(tmp_path: Path) -> None:
    assert len(read_pack("european-security")) == 34
    assert read_pack("") == ()
    own = tmp_path / "own.opml"
    own.write_text(
        '<opml version="2.0"><body><outline text="A"><outline xmlUrl="https://a.example/rss"/></outline></body></opml>'
    )
    assert read_pack(str(own)) == (("https://a.example/rss", "a.example"),)
    with pytest.raises(NotAnOutlineError, match="european-security"):
        read_pack("no-such-pack")


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<rss/>", id="a feed"),
        pytest.param(b"<opml", id="cut short"),
        pytest.param(b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><opml>&nope;</opml>", id="entities"),
    ],
)
def test_what_is_no_outline_is_said_to_be_none(document: bytes) -> None:
    with pytest.raises(NotAnOutlineError):
        read_opml(document)


def test_an_outline_never_reads_a_file_or_a_page(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("opensesame")
    document = f"""<!DOCTYPE opml [<!ENTITY e SYSTEM "{secret.as_uri()}">]>
        <opml><body><outline text="&e;" xmlUrl="https://a.example/rss"/></body></opml>"""
    try:
        feeds = read_opml(document.encode())
    except NotAnOutlineError:
        return
    assert "opensesame" not in str(feeds)

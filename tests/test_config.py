"""The settings: what each is without a word said, what each takes, and what is said of what it does not take."""

import ipaddress
import re
from pathlib import Path
from typing import Any

import pytest

from bot.config import EXPECTED, ConfigurationError, Settings, read_settings
from bot.domain.pages import Exempt

_NO_FULL_TEXT = "is not on, off, or off: with hosts and feeds' addresses, comma-separated, such as off:example.org"
EXAMPLE = Path(__file__).parents[1] / ".env.example"


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # where there is no .env
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)


def listed() -> dict[str, str]:
    """The variables of `.env.example`, with what stands behind them."""
    found = re.findall(r"^#?\s*([A-Z][A-Z_]+)=(.*)$", EXAMPLE.read_text("utf-8"), re.MULTILINE)
    assert len(found) == len(dict(found)), "a variable is listed twice"
    return dict(found)


def faults(**given: str) -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        read_settings(**given)
    assert str(refused.value) == "\n".join(refused.value.faults)
    return refused.value.faults


def test_every_setting_has_its_line_in_the_example_and_every_line_its_setting() -> None:
    assert sorted(listed()) == sorted(name.upper() for name in Settings.model_fields)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_example_shows_the_default(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    default = getattr(read_settings(), name)
    monkeypatch.setenv(name.upper(), listed()[name.upper()])
    assert getattr(read_settings(), name) == default


def test_the_example_can_be_copied_as_it_stands(tmp_path: Path) -> None:
    without = read_settings()
    (tmp_path / ".env").write_text(EXAMPLE.read_text("utf-8"), "utf-8")
    assert read_settings() == without


def test_every_line_of_the_example_is_explained_above_it() -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    for number, line in enumerate(lines):
        if "=" in line and not line.startswith("#"):
            block = lines[: number + 1][::-1]
            assert next(above for above in block if "=" not in above or above.startswith("#")).startswith("# "), line


def test_every_setting_that_can_be_faulty_says_what_is_expected() -> None:
    takes_anything = {"telegram_bot_token", "discord_bot_token", "source_pack", "contact"}
    assert set(EXPECTED) == set(Settings.model_fields) - takes_anything


def test_without_a_word_said_it_is_private_polite_and_local() -> None:
    settings = read_settings()
    assert settings.telegram_bot_token.get_secret_value() == ""
    assert settings.telegram_api_url == ""
    assert settings.discord_bot_token.get_secret_value() == ""
    assert (settings.discord_api_url, settings.discord_gateway_url) == ("", "")
    assert (settings.access, settings.operators) == ("private", frozenset())
    assert settings.database_path == Path("data/tocsin.db")
    assert settings.source_pack == "european-security"
    assert (settings.poll_interval, settings.max_poll_interval, settings.host_interval) == (60, 3600, 2)
    assert settings.request_budget == 6000
    assert settings.feed_allow_networks == ()
    assert settings.max_story_age == 72
    assert (settings.retention_days, settings.text_days) == (60, 14)
    assert (settings.max_feeds, settings.max_filters, settings.max_total_feeds) == (500, 200, 20_000)
    assert settings.timezone.key == "UTC"
    assert (settings.log_level, settings.log_format) == ("info", "text")


@pytest.mark.parametrize(
    ("variable", "value", "fault"),
    [
        pytest.param("POLL_INTERVAL", "5m", "'5m' is not a number of seconds above 0, such as 60", id="a unit"),
        pytest.param("POLL_INTERVAL", "0", "'0' is not a number of seconds above 0, such as 60", id="no pause at all"),
        pytest.param(
            "POLL_INTERVAL", "-1", "'-1' is not a number of seconds above 0, such as 60", id="a negative pause"
        ),
        pytest.param("POLL_INTERVAL", "nan", "'nan' is not a number of seconds above 0, such as 60", id="no number"),
        pytest.param("POLL_INTERVAL", "", "'' is not a number of seconds above 0, such as 60", id="an empty interval"),
        pytest.param("MAX_POLL_INTERVAL", "inf", "'inf' is not a number of seconds above 0, such as 3600", id="never"),
        pytest.param("MAX_POLL_INTERVAL", "30", "30 is less than POLL_INTERVAL, 60", id="a longest below the shortest"),
        pytest.param(
            "HOST_INTERVAL", "-2", "'-2' is not a number of seconds, 0 or more, such as 2", id="before the last"
        ),
        pytest.param("REQUEST_BUDGET", "0", "'0' is not a whole number above 0, such as 6000", id="no request at all"),
        pytest.param("MAX_STORY_AGE", "3d", "'3d' is not a number of hours above 0, such as 72", id="days"),
        pytest.param("RETENTION_DAYS", "never", "'never' is not a number of days above 0, such as 60", id="for ever"),
        pytest.param("TEXT_DAYS", "0", "'0' is not a number of days above 0, such as 14", id="no text at all"),
        pytest.param("MAX_FEEDS", "1.5", "'1.5' is not a whole number above 0", id="half a feed"),
        pytest.param("MAX_FILTERS", "0", "'0' is not a whole number above 0", id="no filter"),
        pytest.param("MAX_TOTAL_FEEDS", "many", "'many' is not a whole number above 0", id="a word for a number"),
        pytest.param("ACCESS", "public", "'public' is not private or open", id="an unknown access"),
        pytest.param(
            "OPERATORS",
            "123456",
            "'123456' is not platform:id, comma-separated, such as telegram:123456",
            id="an operator of no platform",
        ),
        pytest.param(
            "OPERATORS",
            "telegram:1, Telegram:2",
            "'telegram:1, Telegram:2' is not platform:id, comma-separated, such as telegram:123456",
            id="a platform in capitals",
        ),
        pytest.param(
            "FEED_ALLOW_NETWORKS",
            "192.168.1.7/24",
            "'192.168.1.7/24' is not networks in CIDR notation, comma-separated, such as 192.168.1.0/24",
            id="a network with host bits",
        ),
        pytest.param(
            "TELEGRAM_API_URL",
            "127.0.0.1:8081",
            "'127.0.0.1:8081' is not an http(s) URL, such as http://127.0.0.1:8081",
            id="a URL with no scheme",
        ),
        pytest.param("TIMEZONE", "Kyiv", "'Kyiv' is not an IANA name, such as Europe/Kyiv", id="a city"),
        pytest.param("TIMEZONE", "", "'' is not an IANA name, such as Europe/Kyiv", id="no zone"),
        pytest.param(
            "TIMEZONE", "../etc/passwd", "'../etc/passwd' is not an IANA name, such as Europe/Kyiv", id="a path"
        ),
        pytest.param("TIMEZONE", "Europe", "'Europe' is not an IANA name, such as Europe/Kyiv", id="a continent"),
        pytest.param("DATABASE_PATH", "", "'' is not the path of a file", id="no path"),
        pytest.param("DATABASE_PATH", "/", "'/' is not the path of a file", id="a folder"),
        pytest.param("LOG_LEVEL", "verbose", "'verbose' is not debug, info, warning or error", id="an unknown level"),
        pytest.param("FULL_TEXT", "no", f"'no' {_NO_FULL_TEXT}", id="neither on nor off"),
        pytest.param("FULL_TEXT", "on:example.org", f"'on:example.org' {_NO_FULL_TEXT}", id="on for some only"),
        pytest.param("FULL_TEXT", "off:", f"'off:' {_NO_FULL_TEXT}", id="off for nobody"),
        pytest.param("FULL_TEXT", "off:Le Monde", f"'off:Le Monde' {_NO_FULL_TEXT}", id="off for a name"),
        pytest.param("LOG_FORMAT", "xml", "'xml' is not text or json", id="an unknown format"),
    ],
)
def test_a_faulty_value_is_named_with_what_is_expected(
    variable: str, value: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    assert faults() == [f"{variable}: {fault}"]


def test_every_fault_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLL_INTERVAL", "fast")
    monkeypatch.setenv("ACCESS", "closed")
    monkeypatch.setenv("MAX_FEEDS", "-1")
    assert [fault.partition(":")[0] for fault in sorted(faults())] == ["ACCESS", "MAX_FEEDS", "POLL_INTERVAL"]


@pytest.mark.parametrize(
    ("variable", "value", "understood"),
    [
        pytest.param("ACCESS", " Open ", "open", id="access in any case"),
        pytest.param("LOG_LEVEL", "DEBUG", "debug", id="a level in capitals"),
        pytest.param("POLL_INTERVAL", "0.5", 0.5, id="a fraction of a second"),
        pytest.param("HOST_INTERVAL", "0", 0, id="no pause between requests"),
        pytest.param("TELEGRAM_API_URL", "http://127.0.0.1:8081/", "http://127.0.0.1:8081", id="a slash at the end"),
        pytest.param("OPERATORS", "telegram:1, ,telegram:2,", {"telegram:1", "telegram:2"}, id="operators and commas"),
        pytest.param(
            "FEED_ALLOW_NETWORKS",
            "192.168.1.0/24, ::1/128,",
            (ipaddress.ip_network("192.168.1.0/24"), ipaddress.ip_network("::1/128")),
            id="networks of both kinds",
        ),
        pytest.param("DATABASE_PATH", "/srv/tocsin/news.db", Path("/srv/tocsin/news.db"), id="an absolute path"),
        pytest.param("SOURCE_PACK", "", "", id="no pack"),
        pytest.param("FULL_TEXT", " ON ", Exempt(), id="full text for all"),
        pytest.param("FULL_TEXT", "off", Exempt(everybody=True), id="full text for nobody"),
        pytest.param(
            "FULL_TEXT",
            "off: www.example.org, https://example.com/rss,",
            Exempt(sites=frozenset({"example.org"}), feeds=frozenset({"example.com/rss"})),
            id="full text for all but a site and a feed",
        ),
    ],
)
def test_a_good_value_is_understood(
    variable: str, value: str, understood: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    assert getattr(read_settings(), variable.lower()) == understood


def test_the_environment_goes_before_the_file_and_other_variables_in_it_are_nothing_to_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("POLL_INTERVAL=30\nMAX_FEEDS=7\nSOMETHING_ELSE=1\n", "utf-8")
    monkeypatch.setenv("POLL_INTERVAL", "40")
    settings = read_settings()
    assert (settings.poll_interval, settings.max_feeds) == (40, 7)


def test_the_token_is_not_shown_with_the_settings_nor_with_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "7000000001:AAsecret")
    assert "AAsecret" not in repr(read_settings())
    monkeypatch.setenv("ACCESS", "closed")
    assert "AAsecret" not in str(faults())


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_settings().poll_interval = 1


def test_an_env_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("CONTACT=Rédaction".encode("latin-1"))
    assert faults() == [".env: it is not UTF-8; save it as that"]

"""The settings: read once, from the environment or `.env`, checked at the start and frozen."""

import ipaddress
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.pages import Exempt

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ConfigurationError(Exception):
    """Settings that cannot be used; one line for each fault, with its variable and what is expected."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def _networks(value: object) -> tuple[Network, ...]:
    if isinstance(value, tuple):
        return value
    return tuple(ipaddress.ip_network(part.strip()) for part in str(value).split(",") if part.strip())


def _operators(value: object) -> frozenset[str]:
    if isinstance(value, frozenset):
        return value
    persons = frozenset(part.strip() for part in str(value).split(",") if part.strip())
    for person in persons:
        platform, colon, number = person.partition(":")
        if not (colon and platform.isalpha() and platform.islower() and number):
            raise ValueError(person)
    return persons


def _zone(value: object) -> ZoneInfo:
    try:
        return value if isinstance(value, ZoneInfo) else ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(str(value)) from error


def _url(value: object) -> str:
    text = str(value).strip()
    if text and not text.startswith(("http://", "https://")):
        raise ValueError(text)
    return text.rstrip("/")


def _socket(value: object) -> str:
    text = str(value).strip()
    if text and not text.startswith(("ws://", "wss://")):
        raise ValueError(text)
    return text


def _file(value: Path) -> Path:
    if not value.name or value.is_dir():
        raise ValueError(str(value))
    return value


def _full_text(value: object) -> Exempt:
    if isinstance(value, Exempt):
        return value
    said, colon, exempt = str(value).strip().partition(":")
    names = [name.strip() for name in exempt.split(",") if name.strip()]
    match said.strip().lower():
        case "on" if not colon:
            return Exempt()
        case "off" if not colon:
            return Exempt(everybody=True)
        case "off" if names:
            return Exempt.of(names)
    raise ValueError(str(value))


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


class Settings(BaseSettings):
    """All variables, under their own names in lower case; what each is for stands in `.env.example`."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    telegram_bot_token: SecretStr = SecretStr("")
    telegram_api_url: Annotated[str, PlainValidator(_url)] = ""
    discord_bot_token: SecretStr = SecretStr("")
    discord_api_url: Annotated[str, PlainValidator(_url)] = ""
    discord_gateway_url: Annotated[str, PlainValidator(_socket)] = ""
    access: Annotated[Literal["private", "open"], BeforeValidator(_lower)] = "private"
    operators: Annotated[frozenset[str], NoDecode, PlainValidator(_operators)] = frozenset()
    database_path: Annotated[Path, AfterValidator(_file)] = Path("data/tocsin.db")
    source_pack: str = "european-security"
    poll_interval: float = Field(60, gt=0, allow_inf_nan=False)
    max_poll_interval: float = Field(3600, gt=0, allow_inf_nan=False)
    host_interval: float = Field(2, ge=0, allow_inf_nan=False)
    request_budget: int = Field(6000, gt=0)
    contact: str = ""
    feed_allow_networks: Annotated[tuple[Network, ...], NoDecode, PlainValidator(_networks)] = ()
    full_text: Annotated[Exempt, NoDecode, PlainValidator(_full_text)] = Exempt()
    max_story_age: float = Field(72, gt=0, allow_inf_nan=False)
    retention_days: float = Field(60, gt=0, allow_inf_nan=False)
    text_days: float = Field(14, gt=0, allow_inf_nan=False)
    max_feeds: int = Field(500, gt=0)
    max_filters: int = Field(200, gt=0)
    max_total_feeds: int = Field(20_000, gt=0)
    timezone: Annotated[ZoneInfo, PlainValidator(_zone)] = ZoneInfo("UTC")
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = "info"
    log_format: Annotated[Literal["text", "json"], BeforeValidator(_lower)] = "text"


EXPECTED: Final = {
    "telegram_api_url": "an http(s) URL, such as http://127.0.0.1:8081",
    "discord_api_url": "an http(s) URL, such as http://127.0.0.1:3001/api/v10",
    "discord_gateway_url": "a ws(s) URL, such as ws://127.0.0.1:3001/gw",
    "access": "private or open",
    "operators": "platform:id, comma-separated, such as telegram:123456",
    "database_path": "the path of a file",
    "poll_interval": "a number of seconds above 0, such as 60",
    "max_poll_interval": "a number of seconds above 0, such as 3600",
    "host_interval": "a number of seconds, 0 or more, such as 2",
    "request_budget": "a whole number above 0, such as 6000",
    "feed_allow_networks": "networks in CIDR notation, comma-separated, such as 192.168.1.0/24",
    "full_text": "on, off, or off: with hosts and feeds' addresses, comma-separated, such as off:example.org",
    "max_story_age": "a number of hours above 0, such as 72",
    "retention_days": "a number of days above 0, such as 60",
    "text_days": "a number of days above 0, such as 14",
    "max_feeds": "a whole number above 0",
    "max_filters": "a whole number above 0",
    "max_total_feeds": "a whole number above 0",
    "timezone": "an IANA name, such as Europe/Kyiv",
    "log_level": "debug, info, warning or error",
    "log_format": "text or json",
}


def read_settings(**overrides: Any) -> Settings:
    """The settings in force; `overrides` go before the environment.

    Raises:
        ConfigurationError: one or more variables are faulty; every one is named.
    """
    try:
        settings = Settings(**overrides)
    except UnicodeDecodeError as error:
        raise ConfigurationError([".env: it is not UTF-8; save it as that"]) from error
    except ValidationError as error:
        faults = [_fault(str(fault["loc"][0]), fault["input"]) for fault in error.errors()]
        raise ConfigurationError(faults) from None
    if settings.max_poll_interval < settings.poll_interval:
        fault = (
            f"MAX_POLL_INTERVAL: {settings.max_poll_interval:g} is less than POLL_INTERVAL, {settings.poll_interval:g}"
        )
        raise ConfigurationError([fault])
    return settings


def _fault(name: str, value: object) -> str:
    return f"{name.upper()}: {value!r} is not {EXPECTED.get(name, 'understood')}"

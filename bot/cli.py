"""The command line: run, console, demo, check."""

import asyncio
import sys
from typing import Annotated, Final, NoReturn

import typer

from bot import __version__
from bot.app import opened, run, stop_on_signals, with_console, with_telegram
from bot.check import check as check_sources
from bot.config import ConfigurationError, Settings, read_settings
from bot.demo.play import play
from bot.logs import set_up
from bot.ports import StoreFailed
from handlers.on_console import Screen
from storage import DatabaseInUse

_FAULT: Final = 2  # exit status: what was asked cannot be done as it stands
_ENDED: Final = 1  # exit status: nothing is left to be served

cli = typer.Typer(
    help="Tocsin watches the news for people: it follows feeds and alerts chats to the stories that match.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line."""
    cli()


@cli.callback(invoke_without_command=True)
def _version(*, version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False) -> None:
    if version:
        typer.echo(f"tocsin {__version__}")
        raise typer.Exit


@cli.command("run")
def run_command() -> None:
    """Serve Telegram when TELEGRAM_BOT_TOKEN is set, else the local prompt."""
    settings = _settings()
    _serve(settings, telegram=bool(settings.telegram_bot_token.get_secret_value()))


@cli.command()
def console() -> None:
    """Serve the local prompt."""
    _serve(_settings(), telegram=False)


@cli.command()
def demo() -> None:
    """Show the whole line with invented outlets on this machine: no token, no network."""
    set_up("warning", "text")
    raise typer.Exit(asyncio.run(play()))


@cli.command()
def check(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Feeds: URLs or files.")],
    query: Annotated[
        list[str] | None, typer.Option("--query", "-q", help="Keywords, as after /watch; may be given again.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Read feeds and print the stories that match, as an alert would tell them; without a query, every entry.

    Exit status: 0 if anything was printed, 1 if nothing matched, 2 if a source or a query could not be read.
    """
    settings = _settings()
    set_up("error", "text")
    raise typer.Exit(asyncio.run(check_sources(sources, query or [], settings, as_json=as_json)))


def _settings() -> Settings:
    try:
        return read_settings()
    except ConfigurationError as error:
        _refuse(*error.faults)


def _serve(settings: Settings, *, telegram: bool) -> None:
    set_up(settings.log_level, settings.log_format, [settings.telegram_bot_token.get_secret_value()])
    try:
        ended = asyncio.run(_run(settings, telegram=telegram))
    except ConfigurationError as error:
        _refuse(*error.faults)
    except DatabaseInUse:
        _refuse(f"DATABASE_PATH: {settings.database_path} is served by another process already; stop that one first")
    except StoreFailed as error:
        _refuse(f"DATABASE_PATH: {settings.database_path} cannot be opened: {error}")
    raise typer.Exit(ended)


async def _run(settings: Settings, *, telegram: bool) -> int:
    stop = stop_on_signals()
    async with opened(settings) as bot:
        if telegram:
            with_telegram(bot)
        else:
            with_console(bot, Screen())
        await run(bot, stop)
        refused = any(front.state == "unauthorized" for front in bot.fronts.values())
    return _ENDED if refused else 0


def _refuse(*lines: str) -> NoReturn:
    for line in lines:
        sys.stderr.write(f"tocsin: {line}\n")
    raise typer.Exit(_FAULT)

"""The command line: run, console, demo, check; backup, restore, withheld."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from bot import __version__
from bot.app import opened, run, stop_on_signals, with_console, with_discord, with_telegram
from bot.check import check as check_sources
from bot.clock import SystemClock
from bot.config import ConfigurationError, Settings, read_settings
from bot.demo.play import play
from bot.logs import set_up
from bot.ports.store import StoreFailed
from handlers.on_console import Screen
from storage import DatabaseDamaged, DatabaseInUse
from storage.backup import back_up
from storage.backup import restore as restore_from
from storage.withheld import WithheldAlert, drop, release
from storage.withheld import withheld as alerts_withheld

_FAULT: Final = 2  # exit status: what was asked cannot be done as it stands
_REFUSED: Final = {"unauthorized", "refused"}  # states of a front that its platform will not have
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
    """Serve Telegram when TELEGRAM_BOT_TOKEN is set, Discord when DISCORD_BOT_TOKEN is, else the local prompt."""
    _serve(_settings(), on_platforms=True)


@cli.command()
def console() -> None:
    """Serve the local prompt."""
    _serve(_settings(), on_platforms=False)


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


@cli.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Copy the database, whole and of one instant, while the bot runs or not; the copy is read through."""
    settings = _settings()
    if file.exists() and not force:
        _refuse(f"{file} is there already; --force replaces it")
    with _told(settings):
        back_up(settings.database_path, file)
    typer.echo(f"{settings.database_path} is copied to {file} ({file.stat().st_size / 2**20:.1f} MB), which is sound.")


@cli.command()
def restore(file: Annotated[Path, typer.Argument(metavar="FILE", help="What `tocsin backup` made.")]) -> None:
    """Put a backup in the database's place; the bot must not run. The database that is there is kept aside.

    Alerts that were to be sent when the backup was made are withheld, for they may have been sent since, and the next
    poll of each feed alerts nobody.
    """
    settings = _settings()
    with _told(settings, f"{file} cannot be restored"):
        restored = restore_from(settings.database_path, file, now=SystemClock().now())
    typer.echo(f"{settings.database_path} is now what it was when {file} was made.")
    if restored.aside is not None:
        typer.echo(f"The database that was there is kept as {restored.aside}.")
    typer.echo("The next poll of each feed alerts nobody.")
    with _told(settings):
        _show(alerts_withheld(settings.database_path))


@cli.command()
def withheld(
    alerts: Annotated[
        list[int] | None, typer.Argument(metavar="[N...]", help="The numbers of some; without any: all.")
    ] = None,
    *,
    releasing: Annotated[bool, typer.Option("--release", help="Send them when the bot runs.")] = False,
    dropping: Annotated[bool, typer.Option("--drop", help="Never send them.")] = False,
) -> None:
    """List the alerts that a restore withholds, release them, or drop them; for the latter the bot must not run."""
    settings = _settings()
    path, chosen = settings.database_path, alerts or []
    if releasing and dropping:
        _refuse("--release or --drop: it cannot be both")
    with _told(settings):
        known = alerts_withheld(path)
        if unknown := sorted(set(chosen) - {alert.alert_id for alert in known}):
            _refuse(f"no such alert is withheld: {', '.join(map(str, unknown))}")
        if releasing:
            typer.echo(f"{release(path, chosen)} released, to be sent when the bot runs.")
        elif dropping:
            typer.echo(f"{drop(path, chosen, now=SystemClock().now())} dropped.")
        else:
            _show([alert for alert in known if not chosen or alert.alert_id in chosen])


def _show(alerts: Sequence[WithheldAlert]) -> None:
    if not alerts:
        typer.echo("No alert is withheld.")
        return
    are = "1 alert is withheld: it was" if len(alerts) == 1 else f"{len(alerts)} alerts are withheld: they were"
    typer.echo(f"{are} to be sent then, and may have been sent since.")
    for alert in alerts:
        made = datetime.fromtimestamp(alert.made_at, UTC)
        words = f"{alert.alert_id:>6}  {made:%Y-%m-%d %H:%M}  {alert.address} ({alert.chat})  {alert.headline or '—'}"
        typer.echo("".join(sign if sign.isprintable() else " " for sign in words))  # a feed's words are a feed's
    typer.echo("To send them: tocsin withheld --release; to drop them: tocsin withheld --drop (all, or N... of them).")


def _settings() -> Settings:
    try:
        return read_settings()
    except ConfigurationError as error:
        _refuse(*error.faults)


def _serve(settings: Settings, *, on_platforms: bool) -> None:
    tokens = [token.get_secret_value() for token in (settings.telegram_bot_token, settings.discord_bot_token)]
    set_up(settings.log_level, settings.log_format, tokens)
    with _told(settings):
        try:
            ended = asyncio.run(_run(settings, on_platforms=on_platforms))
        except ConfigurationError as error:
            _refuse(*error.faults)
    raise typer.Exit(ended)


@contextmanager
def _told(settings: Settings, what: str = "") -> Iterator[None]:
    """End with a line that says why, where the database cannot be used, or `what` cannot be done with it."""
    named = f"DATABASE_PATH: {settings.database_path}"
    try:
        yield
    except DatabaseInUse:
        _refuse(f"{named} is served by another process already; stop that one first")
    except StoreFailed as error:
        if what:
            _refuse(f"{what}: {error}")
        if isinstance(error, DatabaseDamaged):
            _refuse(f"{named} is damaged, or no database ({error}); put a backup in its place: tocsin restore FILE")
        _refuse(f"{named} cannot be opened: {error}")


async def _run(settings: Settings, *, on_platforms: bool) -> int:
    stop = stop_on_signals()
    async with opened(settings) as bot:
        if on_platforms and settings.telegram_bot_token.get_secret_value():
            with_telegram(bot)
        if on_platforms and settings.discord_bot_token.get_secret_value():
            with_discord(bot)
        if not bot.fronts:
            with_console(bot, Screen())
        await run(bot, stop)
        refused = all(front.state in _REFUSED for front in bot.fronts.values())
    return _ENDED if refused else 0


def _refuse(*lines: str) -> NoReturn:
    for line in lines:
        sys.stderr.write(f"tocsin: {line}\n")
    raise typer.Exit(_FAULT)

"""The table of commands, in the order of the menu: the only place that names them, for every platform."""

from typing import Final

from bot.domain.telling import Mode
from handlers.calls import Kind, Option
from handlers.commands import chat, following, listing, manual, muting, telling, trying, watching
from handlers.commands.base import Command, Right

_FEED: Final = "https://www.ukrinform.net/rss/block-lastnews"
_KEYWORDS: Final = (Option("keywords", Kind.TEXT, required=True),)
_PAGE: Final = (Option("page", Kind.NUMBER),)

COMMANDS: Final = (
    Command("start", chat.start, Right.CHANGE, "/start", "/start"),
    Command(
        "help",
        manual.help_,
        Right.LOOK,
        "/help [command]",
        "/help watch",
        options=(Option("command", Kind.COMMAND),),
        for_one=True,
    ),
    Command(
        "watch",
        watching.watch,
        Right.CHANGE,
        "/watch KEYWORDS",
        "/watch military instructors, EUMAM",
        ("filter", "keyword"),
        options=_KEYWORDS,
    ),
    Command(
        "try",
        trying.try_,
        Right.LOOK,
        "/try KEYWORDS or LINK",
        "/try military instructors",
        options=_KEYWORDS,
        for_one=True,
    ),
    Command(
        "unwatch",
        watching.unwatch,
        Right.CHANGE,
        "/unwatch N or KEYWORDS",
        "/unwatch 2",
        options=(Option("filter", Kind.FILTER, required=True),),
    ),
    Command("filters", watching.filters, Right.LOOK, "/filters [PAGE]", "/filters", options=_PAGE, for_one=True),
    Command(
        "sub",
        following.sub,
        Right.CHANGE,
        "/sub URL or NAME [all]",
        f"/sub {_FEED}",
        ("subscribe", "add"),
        options=(Option("feed", Kind.SOURCE, required=True), Option("stories", Kind.CHOICE, choices=("all",))),
    ),
    Command(
        "unsub",
        following.unsub,
        Right.CHANGE,
        "/unsub N or URL",
        "/unsub 3",
        ("unsubscribe", "remove"),
        options=(Option("feed", Kind.FEED, required=True),),
    ),
    Command("list", following.list_, Right.LOOK, "/list [PAGE]", "/list", ("feeds",), options=_PAGE, for_one=True),
    Command(
        "import",
        listing.import_,
        Right.CHANGE,
        "/import [URL]",
        "/import https://example.org/feeds.opml",
        options=(Option("document", Kind.FILE), Option("address", Kind.TEXT)),
    ),
    Command("export", listing.export, Right.LOOK, "/export", "/export", for_one=True),
    Command(
        "latest",
        watching.latest,
        Right.LOOK,
        "/latest [N]",
        "/latest 5",
        options=(Option("count", Kind.NUMBER),),
        for_one=True,
    ),
    Command(
        "mode",
        telling.mode,
        Right.CHANGE,
        "/mode N instant, silent or digest",
        "/mode 2 silent",
        options=(
            Option("filter", Kind.FILTER, required=True),
            Option("how", Kind.CHOICE, required=True, choices=tuple(Mode)),
        ),
    ),
    Command(
        "digest",
        telling.digest,
        Right.CHANGE,
        "/digest HH:MM or off",
        "/digest 08:00",
        options=(Option("time", Kind.TIME, required=True),),
    ),
    Command(
        "quiet",
        telling.quiet,
        Right.CHANGE,
        "/quiet HOURS or off",
        "/quiet 22:00-07:00",
        options=(Option("hours", Kind.TIME, required=True),),
    ),
    Command(
        "timezone",
        telling.timezone,
        Right.CHANGE,
        "/timezone ZONE",
        "/timezone Europe/Kyiv",
        options=(Option("zone", Kind.TEXT, required=True),),
    ),
    Command(
        "mute",
        muting.mute,
        Right.CHANGE,
        "/mute WORD or OUTLET [24h]",
        "/mute sport 24h",
        options=(Option("what", Kind.TEXT, required=True), Option("duration", Kind.SPAN)),
    ),
    Command(
        "unmute",
        muting.unmute,
        Right.CHANGE,
        "/unmute [N or WORD]",
        "/unmute 1",
        options=(Option("what", Kind.MUTE),),
    ),
    Command("settings", telling.settings, Right.CHANGE, "/settings", "/settings", for_one=True),
    Command(
        "pause",
        chat.pause,
        Right.CHANGE,
        "/pause [24h or until HH:MM]",
        "/pause 24h",
        options=(Option("duration", Kind.TEXT),),
    ),
    Command("resume", chat.resume, Right.CHANGE, "/resume", "/resume"),
    Command("status", chat.status, Right.LOOK, "/status", "/status", for_one=True),
    Command(
        "stop",
        chat.stop,
        Right.CHANGE,
        "/stop",
        "/stop",
        options=(Option("confirm", Kind.CHOICE, choices=("yes",)),),
    ),
    Command(
        "claim",
        chat.claim,
        Right.ENTER,
        "/claim CODE",
        "/claim 1A2B3C4D",
        in_menu=False,
        options=(Option("code", Kind.TEXT, required=True),),
        for_one=True,
    ),
)
BY_NAME: Final = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}

"""The table of commands, in the order of the menu."""

from typing import Final

from handlers.commands import chat, following, listing, manual, muting, telling, trying, watching
from handlers.commands.base import Command, Right

_FEED: Final = "https://www.ukrinform.net/rss/block-lastnews"

COMMANDS: Final = (
    Command("start", chat.start, Right.CHANGE, "/start", "/start"),
    Command("help", manual.help_, Right.LOOK, "/help [command]", "/help watch"),
    Command(
        "watch",
        watching.watch,
        Right.CHANGE,
        "/watch KEYWORDS",
        "/watch military instructors, EUMAM",
        ("filter", "keyword"),
    ),
    Command("try", trying.try_, Right.LOOK, "/try KEYWORDS or LINK", "/try military instructors"),
    Command("unwatch", watching.unwatch, Right.CHANGE, "/unwatch N or KEYWORDS", "/unwatch 2"),
    Command("filters", watching.filters, Right.LOOK, "/filters [PAGE]", "/filters"),
    Command("sub", following.sub, Right.CHANGE, "/sub URL or NAME [all]", f"/sub {_FEED}", ("subscribe", "add")),
    Command("unsub", following.unsub, Right.CHANGE, "/unsub N or URL", "/unsub 3", ("unsubscribe", "remove")),
    Command("list", following.list_, Right.LOOK, "/list [PAGE]", "/list", ("feeds",)),
    Command("import", listing.import_, Right.CHANGE, "/import [URL]", "/import https://example.org/feeds.opml"),
    Command("export", listing.export, Right.LOOK, "/export", "/export"),
    Command("latest", watching.latest, Right.LOOK, "/latest [N]", "/latest 5"),
    Command("mode", telling.mode, Right.CHANGE, "/mode N instant, silent or digest", "/mode 2 silent"),
    Command("digest", telling.digest, Right.CHANGE, "/digest HH:MM or off", "/digest 08:00"),
    Command("quiet", telling.quiet, Right.CHANGE, "/quiet HOURS or off", "/quiet 22:00-07:00"),
    Command("timezone", telling.timezone, Right.CHANGE, "/timezone ZONE", "/timezone Europe/Kyiv"),
    Command("mute", muting.mute, Right.CHANGE, "/mute WORD or OUTLET [24h]", "/mute sport 24h"),
    Command("unmute", muting.unmute, Right.CHANGE, "/unmute [N or WORD]", "/unmute 1"),
    Command("settings", telling.settings, Right.CHANGE, "/settings", "/settings"),
    Command("pause", chat.pause, Right.CHANGE, "/pause", "/pause"),
    Command("resume", chat.resume, Right.CHANGE, "/resume", "/resume"),
    Command("status", chat.status, Right.LOOK, "/status", "/status"),
    Command("stop", chat.stop, Right.CHANGE, "/stop", "/stop"),
    Command("claim", chat.claim, Right.ENTER, "/claim CODE", "/claim 1A2B3C4D", in_menu=False),
)
BY_NAME: Final = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}

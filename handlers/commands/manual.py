"""/help: every command in a line, or one in full."""

from bot.domain.errors import UserError
from bot.domain.rich import join
from handlers.calls import Reply
from handlers.commands.base import Call


async def help_(call: Call) -> Reply:
    """Every command, or one with its aliases and its example."""
    wanted = call.argument.removeprefix("/").lower()
    say = call.say
    if not wanted:
        lines = [
            say("help-line", usage=command.usage, does=say(f"menu-{command.name}"))
            for command in call.commands
            if command.in_menu
        ]
        return Reply(join("\n", [say("help-title"), *lines, say("help-footer")]))
    command = next((one for one in call.commands if wanted in (one.name, *one.aliases)), None)
    if command is None:
        raise UserError("unknown-command", command="/" + wanted[:40])
    lines = [say("help-usage", usage=command.usage), say(f"help-{command.name}")]
    if command.aliases:
        lines.append(say("help-aliases", aliases=", ".join(f"/{alias}" for alias in command.aliases)))
    lines.append(say("help-example", example=command.example))
    return Reply(join("\n", lines))

"""What Discord allows: its published description, as a check on what a bot sends, and the limits that it cannot state.

Where the description is absent, only the limits are checked.
"""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

_DESCRIPTION = Path(__file__).resolve().parents[3] / "shared" / "data" / "platforms" / "discord_openapi.json"
_KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}
_UNDESCRIBED = re.compile(r"(.*\.)?(nsfw|tts|use_nested_fields|embeds\.\d+\.flags)|type")
"""What discord.py always says of commands, messages, embeds and threads, and Discord takes, undescribed as it is."""

Errors = dict[str, str]
"""What is wrong with a body: where, as `embeds.0.title`, and in which words."""


class Schema:
    """Paths with their methods, and the schemas that these refer to."""

    def __init__(self, paths: dict[str, Any], schemas: dict[str, Any]) -> None:
        self._paths = paths
        self._schemas = schemas

    @property
    def is_empty(self) -> bool:
        """Whether nothing is described, so that nothing is checked."""
        return not self._paths

    def faults(self, method: str, path: str, query: dict[str, str], body: Any) -> list[str]:
        """What is wrong with a request, in words; nothing where it is as described. `path` is a template."""
        if self.is_empty:
            return []
        where = f"{method} {path}"
        described = self._paths.get(path, {}).get(method.lower())
        if described is None:
            return [f"{where}: there is no such method"]
        known = {one["name"]: one["schema"] for one in described.get("parameters", ()) if one.get("in") == "query"}
        faults = []
        for name, text in query.items():
            if name in known:
                faults += [f"{where}: {fault}" for fault in self._wrong(known[name], _typed(known[name], text), name)]
            elif not _UNDESCRIBED.fullmatch(name):
                faults.append(f"{where}: unknown parameter {name}")
        content = described.get("requestBody", {}).get("content", {})
        if body is not None and not content:
            faults.append(f"{where}: takes no body")
        elif content:
            schema = (content.get("application/json") or next(iter(content.values())))["schema"]
            faults += [f"{where}: {fault}" for fault in self._wrong(schema, {} if body is None else body, "")]
        return faults

    def faults_of_answer(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """What is wrong with an answer, in words, as the stand-in's own should be as described too."""
        described = self._paths[path][method.lower()]["responses"].get(str(status))
        if described is None:
            return [f"{method} {path}: answers no {status}"]
        content = described.get("content")
        faults = self._wrong(content["application/json"]["schema"], body, "") if content else []
        return [f"{method} {path}: {fault}" for fault in faults]

    def _wrong(self, schema: dict[str, Any], value: Any, at: str) -> list[str]:
        schema = self._resolved(schema)
        faults = [fault for one in schema.get("allOf", ()) for fault in self._wrong(one, value, at)]
        choices = schema.get("oneOf") or schema.get("anyOf")
        if choices:
            faults += self._wrong_everywhere(choices, value, at)
        if _is_numeric_snowflake(schema, value):
            value = str(value)
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if kinds and not any(_is(kind, value) for kind in kinds):
            return [*faults, f"{at or 'the body'} is not {' or '.join(kinds)}: {value!r:.80}"]
        if "const" in schema and value != schema["const"]:
            faults.append(f"{at} is not {schema['const']!r}: {value!r:.80}")
        if "enum" in schema and value not in schema["enum"]:
            faults.append(f"{at} is none of {schema['enum']}: {value!r:.80}")
        if isinstance(value, dict):
            faults += self._wrong_fields(schema, value, at)
        elif isinstance(value, list):
            faults += _outside(schema, len(value), "Items", at)
            if schema.get("uniqueItems") and len({json.dumps(one, sort_keys=True) for one in value}) < len(value):
                faults.append(f"{at} has something twice")
            for number, one in enumerate(value):
                faults += self._wrong(schema.get("items", {}), one, f"{at}.{number}" if at else str(number))
        elif isinstance(value, str):
            faults += _outside(schema, len(value), "Length", at)
            if "pattern" in schema and not re.search(schema["pattern"], value):
                faults.append(f"{at} is not as {schema['pattern']}: {value!r:.80}")
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            faults += _outside(schema, value, "imum", at)
        return faults

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            schema = self._schemas[schema["$ref"].rpartition("/")[2]]
        return schema

    def _wrong_everywhere(self, choices: list[dict[str, Any]], value: Any, at: str) -> list[str]:
        """What is wrong in the alternative that comes nearest; nothing if one fits."""
        meant = [one for one in map(self._resolved, choices) if _may_be(one, value)]
        nearest: list[str] | None = None
        for one in meant:
            wrong = self._wrong(one, value, at)
            if not wrong:
                return []
            if nearest is None or len(wrong) < len(nearest):
                nearest = wrong
        return nearest or [f"{at or 'the body'} is none of what it may be: {value!r:.80}"]

    def _wrong_fields(self, schema: dict[str, Any], value: dict[str, Any], at: str) -> list[str]:
        fields = schema.get("properties", {})
        more = schema.get("additionalProperties")
        inside = f"{at}." if at else ""
        faults = [f"{inside}{name} is missing" for name in schema.get("required", ()) if name not in value]
        faults += _outside(schema, len(value), "Properties", at)
        for name, one in value.items():
            if name in fields:
                faults += self._wrong(fields[name], one, f"{inside}{name}")
            elif isinstance(more, dict):
                faults += self._wrong(more, one, f"{inside}{name}")
            elif (fields or more is False) and not _UNDESCRIBED.fullmatch(f"{inside}{name}"):
                faults.append(f"unknown parameter {inside}{name}")
        return faults


@lru_cache(maxsize=1)
def load() -> Schema:
    """The description that lies beside the repository, if one does."""
    try:
        described = json.loads(_DESCRIPTION.read_text("utf-8"))
    except FileNotFoundError:
        return Schema({}, {})
    return Schema(described["paths"], described["components"]["schemas"])


def message_errors(body: dict[str, Any]) -> Errors:
    """What Discord refuses of a message that is sent or edited."""
    errors: Errors = {}
    _short(errors, "content", body.get("content"), 2000)
    nonce = body.get("nonce")
    if isinstance(nonce, str):
        _short(errors, "nonce", nonce, 25)
    embeds = body.get("embeds") or []
    _few(errors, "embeds", embeds, 10)
    for number, embed in enumerate(embeds):
        _embed_errors(errors, f"embeds.{number}", embed)
    if sum(map(embed_size, embeds)) > 6000:
        errors["embeds"] = "Embed size exceeds maximum size of 6000"
    _component_errors(errors, body.get("components") or [])
    return errors


def embed_size(embed: dict[str, Any]) -> int:
    """How many of a message's 6,000 characters an embed takes."""
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    texts += [field.get(name) for field in embed.get("fields") or () for name in ("name", "value")]
    return sum(len(text or "") for text in texts)


def thread_errors(body: dict[str, Any]) -> Errors:
    """What Discord refuses of a thread or a forum's post."""
    errors: Errors = {}
    if not body.get("name"):
        errors["name"] = "This field is required"
    _short(errors, "name", body.get("name"), 100)
    _few(errors, "applied_tags", body.get("applied_tags") or [], 5)
    return errors


def channel_errors(body: dict[str, Any]) -> Errors:
    """What Discord refuses of changes to a channel or thread."""
    errors: Errors = {}
    _short(errors, "name", body.get("name"), 100)
    _few(errors, "applied_tags", body.get("applied_tags") or [], 5)
    tags = body.get("available_tags") or []
    _few(errors, "available_tags", tags, 20)
    for number, tag in enumerate(tags):
        _short(errors, f"available_tags.{number}.name", tag.get("name"), 20)
    return errors


def choice_errors(choices: list[dict[str, Any]]) -> Errors:
    """What Discord refuses of the answer to an autocompletion."""
    errors: Errors = {}
    _few(errors, "data.choices", choices, 25)
    for number, choice in enumerate(choices):
        at = f"data.choices.{number}"
        _filled(errors, f"{at}.name", choice.get("name"), 100)
        if isinstance(choice.get("value"), str):
            _filled(errors, f"{at}.value", choice["value"], 100)
    return errors


def command_errors(commands: list[dict[str, Any]]) -> Errors:
    """What Discord refuses of an application's commands."""
    errors: Errors = {}
    for kind, most in ((1, 100), (2, 15), (3, 15)):
        names = [one.get("name") for one in commands if one.get("type", 1) == kind]
        if len(names) > most:
            errors["_"] = f"Maximum number of application commands reached ({most})"
        for name in {name for name in names if names.count(name) > 1}:
            errors[str(name)] = "Application command names must be unique"
    for number, command in enumerate(commands):
        at = str(number)
        if command.get("type", 1) != 1:
            _filled(errors, f"{at}.name", command.get("name"), 32)
            if command.get("description") or command.get("options"):
                errors[f"{at}.description"] = "Context menu commands cannot have description or options"
            continue
        _named(errors, at, command)
        _option_errors(errors, at, command.get("options") or [])
        if _command_size(command) > 8000:
            errors[at] = "Command exceeds maximum size (8000)"
    return errors


def _option_errors(errors: Errors, at: str, options: list[dict[str, Any]]) -> None:
    _few(errors, f"{at}.options", options, 25)
    names = [one.get("name") for one in options]
    if len(set(names)) < len(names):
        errors[f"{at}.options"] = "Option names must be unique"
    optional = False
    for number, option in enumerate(options):
        here = f"{at}.options.{number}"
        _named(errors, here, option)
        if option.get("type") in {1, 2}:
            _option_errors(errors, here, option.get("options") or [])
            continue
        if option.get("required") and optional:
            errors[here] = "Required options must be placed before non-required options"
        optional = optional or not option.get("required")
        choices = option.get("choices") or []
        _few(errors, f"{here}.choices", choices, 25)
        for place, choice in enumerate(choices):
            _filled(errors, f"{here}.choices.{place}.name", choice.get("name"), 100)
            if isinstance(choice.get("value"), str):
                _filled(errors, f"{here}.choices.{place}.value", choice["value"], 100)
        if option.get("autocomplete") and choices:
            errors[f"{here}.autocomplete"] = "Cannot be true while choices are present"


def _named(errors: Errors, at: str, one: dict[str, Any]) -> None:
    names = {"name": one.get("name") or ""} | {
        f"name_localizations.{locale}": name for locale, name in (one.get("name_localizations") or {}).items()
    }
    for where, name in names.items():
        if not re.fullmatch(r"[-_'\w]{1,32}", name) or name != name.lower():
            errors[f"{at}.{where}"] = "Application command names must be lower case, without spaces, of 1 to 32 letters"
    _filled(errors, f"{at}.description", one.get("description"), 100)
    for locale, text in (one.get("description_localizations") or {}).items():
        _filled(errors, f"{at}.description_localizations.{locale}", text, 100)


def _command_size(one: dict[str, Any]) -> int:
    def longest(name: str) -> int:
        return max(map(len, [one.get(name) or "", *(one.get(f"{name}_localizations") or {}).values()]))

    inner = sum(map(_command_size, one.get("options") or ()))
    values = sum(len(str(choice.get("value", ""))) + len(choice["name"]) for choice in one.get("choices") or ())
    return longest("name") + longest("description") + inner + values


def _embed_errors(errors: Errors, at: str, embed: dict[str, Any]) -> None:
    _short(errors, f"{at}.title", embed.get("title"), 256)
    _short(errors, f"{at}.description", embed.get("description"), 4096)
    _short(errors, f"{at}.footer.text", (embed.get("footer") or {}).get("text"), 2048)
    _short(errors, f"{at}.author.name", (embed.get("author") or {}).get("name"), 256)
    fields = embed.get("fields") or []
    _few(errors, f"{at}.fields", fields, 25)
    for number, field in enumerate(fields):
        _filled(errors, f"{at}.fields.{number}.name", field.get("name"), 256)
        _filled(errors, f"{at}.fields.{number}.value", field.get("value"), 1024)
    holders = {"url": embed, "author.url": embed.get("author") or {}, "author.icon_url": embed.get("author") or {}}
    holders |= {f"{name}.url": embed.get(name) or {} for name in ("image", "thumbnail")}
    holders["footer.icon_url"] = embed.get("footer") or {}
    for name, holder in holders.items():
        url = holder.get(name.rpartition(".")[2])
        if url and not re.match(r"(https?|attachment)://[^\s/]+", url):
            errors[f"{at}.{name}"] = f"Scheme {url.partition(':')[0]!r} must be one of ('http', 'https')."
        if url and len(url) > 2048:
            errors[f"{at}.{name}"] = "Must be 2048 or fewer in length."


def _component_errors(errors: Errors, rows: list[dict[str, Any]]) -> None:
    _few(errors, "components", rows, 5)
    seen: set[str] = set()
    for number, row in enumerate(rows):
        parts = row.get("components") or []
        at = f"components.{number}"
        if row.get("type") == 1 and not 1 <= len(parts) <= 5:
            errors[f"{at}.components"] = "Must be between 1 and 5 in length."
        for place, part in enumerate(parts):
            here = f"{at}.components.{place}"
            _short(errors, f"{here}.label", part.get("label"), 80)
            _short(errors, f"{here}.custom_id", part.get("custom_id"), 100)
            if part.get("type") == 2:
                _button_errors(errors, here, part)
            elif part.get("type") == 3:
                _few(errors, f"{here}.options", part.get("options") or [], 25)
                for at_option, option in enumerate(part.get("options") or ()):
                    _filled(errors, f"{here}.options.{at_option}.label", option.get("label"), 100)
                    _filled(errors, f"{here}.options.{at_option}.value", option.get("value"), 100)
            custom = part.get("custom_id")
            if custom in seen:
                errors[f"{here}.custom_id"] = "Component custom id cannot be duplicated"
            seen |= {custom} if custom else set()


def _button_errors(errors: Errors, at: str, button: dict[str, Any]) -> None:
    links = button.get("style") == 5
    if not (button.get("label") or button.get("emoji")):
        errors[f"{at}.label"] = "A button must have a label or emoji"
    if links and not button.get("url"):
        errors[f"{at}.url"] = "A url is required"
    if not links and not button.get("custom_id"):
        errors[f"{at}.custom_id"] = "A custom id is required"
    if links and button.get("custom_id"):
        errors[f"{at}.custom_id"] = "A custom id and url cannot both be specified"
    _short(errors, f"{at}.url", button.get("url"), 512)


def _short(errors: Errors, at: str, text: str | None, most: int) -> None:
    if text is not None and len(text) > most:
        errors[at] = f"Must be {most} or fewer in length."


def _filled(errors: Errors, at: str, text: str | None, most: int) -> None:
    if not text or len(text) > most:
        errors[at] = f"Must be between 1 and {most} in length."


def _few(errors: Errors, at: str, things: list[Any], most: int) -> None:
    if len(things) > most:
        errors[at] = f"Must be {most} or fewer in length."


def _outside(schema: dict[str, Any], size: float, what: str, at: str) -> list[str]:
    least, most = schema.get(f"min{what}"), schema.get(f"max{what}")
    if (least is not None and size < least) or (most is not None and size > most):
        return [f"{at or 'the body'} is not from {least} to {most}: {size}"]
    return []


def _is(kind: str, value: Any) -> bool:
    return isinstance(value, _KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _may_be(schema: dict[str, Any], value: Any) -> bool:
    """Whether an alternative can be the one that is meant, by its kind and by the `type` that it has."""
    kinds = schema.get("type", [])
    if _is_numeric_snowflake(schema, value):
        return True
    if kinds and not any(_is(kind, value) for kind in ([kinds] if isinstance(kinds, str) else kinds)):
        return False
    if not isinstance(value, dict):
        return True
    allowed = schema.get("properties", {}).get("type", {}).get("enum")
    return allowed is None or value.get("type") in allowed


def _typed(schema: dict[str, Any], text: str) -> Any:
    """What a parameter in an address stands for."""
    if schema.get("type") == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text.lower(), text)
    if schema.get("type") == "integer" and re.fullmatch(r"-?[0-9]+", text):
        return int(text)
    return text


def _is_numeric_snowflake(schema: dict[str, Any], value: Any) -> bool:
    """Whether an identifier is a number, as discord.py has some, and not text: Discord takes it."""
    return schema.get("format") == "snowflake" and isinstance(value, int) and not isinstance(value, bool)

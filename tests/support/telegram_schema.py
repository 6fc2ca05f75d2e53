"""The published description of the Bot API, as a check on what a bot sends; where it is absent, nothing is checked."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "platforms"
_SCALARS: dict[str, type | tuple[type, ...]] = {
    "Integer": int,
    "Float": (int, float),
    "String": str,
    "Boolean": bool,
    "InputFile": str,
}


class Schema:
    """Methods and types, by name, with their fields."""

    def __init__(self, methods: dict[str, Any], types: dict[str, Any]) -> None:
        self._methods = methods
        self._types = types

    @property
    def is_empty(self) -> bool:
        """Whether nothing is described, so that nothing is checked."""
        return not self._methods

    def faults(self, method: str, parameters: dict[str, Any]) -> list[str]:
        """What is wrong with a request, in words; nothing where it is as described."""
        if self.is_empty:
            return []
        if method not in self._methods:
            return [f"{method}: there is no such method"]
        return [f"{method}: {fault}" for fault in self._fields(self._methods[method], parameters)]

    def _fields(self, described: dict[str, Any], given: dict[str, Any]) -> list[str]:
        fields = {field["name"]: field for field in described.get("fields", [])}
        faults = [f"unknown parameter {name}" for name in given if name not in fields]
        faults += [f"{name} is missing" for name, field in fields.items() if field["required"] and name not in given]
        for name, value in given.items():
            if name in fields and not any(self._is(kind, value) for kind in fields[name]["types"]):
                faults.append(f"{name} is not {' or '.join(fields[name]['types'])}: {value!r:.80}")
        return faults

    def _is(self, kind: str, value: Any) -> bool:
        if kind.startswith("Array of "):
            return isinstance(value, list) and all(self._is(kind.removeprefix("Array of "), one) for one in value)
        if kind in _SCALARS:
            return isinstance(value, _SCALARS[kind]) and (kind == "Boolean" or not isinstance(value, bool))
        described = self._types.get(kind)
        if described is None or described.get("subtypes"):
            return isinstance(value, dict)
        return isinstance(value, dict) and not self._fields(described, value)

    def read(self, method: str, form: dict[str, str]) -> dict[str, Any]:
        """A form's fields, which are all text, as the values that they stand for."""
        fields = {field["name"]: field["types"] for field in self._methods.get(method, {}).get("fields", [])}
        return {name: _value(text, fields.get(name)) for name, text in form.items()}


@lru_cache(maxsize=1)
def load() -> Schema:
    """The description that lies beside the repository, if one does."""
    methods: dict[str, Any] = {}
    types: dict[str, Any] = {}
    try:
        base = json.loads((_DATA / "telegram_api.json").read_text("utf-8"))
        methods.update(base["methods"])
        types.update(base["types"])
        delta = json.loads((_DATA / "telegram_api_10_2_delta.json").read_text("utf-8"))
        methods.update(delta["methods"])
        types.update(delta["types"])
        for name, addition in delta["new_fields"].items():
            (methods if addition["kind"] == "methods" else types)[name].setdefault("fields", []).extend(
                addition["fields"]
            )
    except FileNotFoundError:
        pass
    return Schema(methods, types)


def _value(text: str, types: list[str] | None) -> Any:
    if types is None:
        return text
    if "Boolean" in types and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if "Integer" in types and text.lstrip("-").isdecimal():
        return int(text)
    if any(kind not in _SCALARS for kind in types) and text[:1] in {"{", "["}:
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text

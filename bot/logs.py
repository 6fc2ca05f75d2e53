"""Logging: text or JSON lines on standard error, with no secret in them."""

import json
import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime


def set_up(level: str, style: str, secrets: Sequence[str] = ()) -> None:
    """Log to standard error from now on; every one of `secrets` is blotted out wherever it stands."""
    handler = _CurrentStderr()
    handler.setFormatter(_Formatter(style, [secret for secret in secrets if secret]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # What these say of their own work at INFO and below is no news to an operator.
    for chatty in ("aiogram", "aiohttp", "apscheduler", "asyncio", "discord", "httpx", "pymorphy3"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))


class _CurrentStderr(logging.StreamHandler):  # type: ignore[type-arg]  # not generic at run time
    """Writes to what standard error is when something is logged: the prompt replaces it while one types."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


class _Formatter(logging.Formatter):
    def __init__(self, style: str, secrets: Sequence[str]) -> None:
        super().__init__()
        self._json = style == "json"
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        text = record.getMessage()
        lines = self.formatException(record.exc_info).splitlines() if record.exc_info else []
        trace = "\n".join(f"    {line.translate(_ONE_LINE)}" for line in lines)
        if self._json:
            fields = {"at": at, "level": record.levelname.lower(), "logger": record.name, "message": text}
            line = json.dumps(fields | ({"traceback": trace} if trace else {}), ensure_ascii=False)
        else:
            # A feed's text must not be able to fake a line of the log.
            line = f"{at} {record.levelname.lower():7} {text.translate(_ONE_LINE)}" + (f"\n{trace}" if trace else "")
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line


_ONE_LINE = dict.fromkeys((*range(32), 127, *range(128, 160), 8232, 8233), " ")

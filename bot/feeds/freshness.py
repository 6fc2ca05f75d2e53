"""How long a server says that its answer stays good, and how long it asks to be left alone (RFC 9111, RFC 9110).

Pure functions over headers; times are Unix seconds, spans are seconds.
"""

import re
from datetime import UTC
from email.utils import parsedate_to_datetime

import httpx

_LONGEST = 365 * 86_400.0
_LONGEST_HEADER = 1_000  # characters that are looked at
_DIRECTIVE = re.compile(r"""([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s",;]*))?""")


def max_age(headers: httpx.Headers, now: float) -> float | None:
    """Seconds for which a response stays fresh (RFC 9111, sections 4.2.1 and 5); a year at most.

    `Cache-Control: max-age` counts before `Expires`, and what the answer's `Age` has used up is taken off.

    Returns:
        None where the server says nothing, or forbids to store the answer or to use it again unasked.
    """
    directives: dict[str, str] = {}
    for name, value in _DIRECTIVE.findall(headers.get("cache-control", "")[:_LONGEST_HEADER]):
        directives.setdefault(name.lower(), value)
    if "no-store" in directives or "no-cache" in directives:
        return None
    said = directives.get("max-age")
    lifetime = _seconds(said.strip('"')) if said is not None else _until_expiry(headers, now)
    if lifetime is None:
        return None
    age = _seconds(_first(headers, "age")) or 0.0
    return min(max(0.0, lifetime - age), _LONGEST)


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds to wait by `Retry-After` (RFC 9110, section 10.2.3), which has seconds or a date; a year at most."""
    if value is None:
        return None
    seconds = _seconds(value.strip())
    if seconds is None and (date := http_date(value)) is not None:
        seconds = max(0.0, date - now)
    return min(seconds, _LONGEST) if seconds is not None else None


def http_date(text: str) -> float | None:
    """Read a date in any of the forms that HTTP has had (RFC 9110, section 5.6.7); None for what is no date."""
    try:
        date = parsedate_to_datetime(text[:100])
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _until_expiry(headers: httpx.Headers, now: float) -> float | None:
    expires = _first(headers, "expires")
    if not expires:
        return None
    date = http_date(_first(headers, "date"))
    # Section 5.3: what is no date, "0" above all, means that it has expired.
    return (http_date(expires) or 0.0) - (date if date is not None else now)


def _first(headers: httpx.Headers, name: str) -> str:
    """A header of which there should be one: the first, where there are several."""
    return next(iter(headers.get_list(name)), "").strip()


def _seconds(text: str) -> float | None:
    return float(text[:18]) if text.isascii() and text.isdigit() else None

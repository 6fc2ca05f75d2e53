"""What is wrong with a query that cannot be read."""

from bot.domain.errors import UserError


class QueryError(UserError):
    """A query that cannot be read: the key says what is wrong, `at` where (1-based), `example` shows it right."""

    def __init__(self, key: str, **args: str | float) -> None:
        super().__init__(f"query-{key}", **args)


class Fault(Exception):
    """A fault where it was found, and the text in which it is mended (which may have others; None: not mendable)."""

    def __init__(self, key: str, mended: str | None, **args: str | float) -> None:
        super().__init__(key)
        self.key = key
        self.mended = mended
        self.args_shown = args

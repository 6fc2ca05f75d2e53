"""How every store says that it cannot."""


class StoreFailed(Exception):
    """The store could not do it (disk full, locked, corrupt); nothing of the use case was written."""

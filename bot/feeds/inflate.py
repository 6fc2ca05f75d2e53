"""Content codings undone piece by piece (RFC 9110, section 8.4.1), with bounds on what comes out.

What is cut off, damaged or larger than it may be is an error; nothing is said of what the bytes mean.
"""

import zlib
from collections.abc import Iterator, Sequence

import brotli

from bot.domain.errors import FetchFailed, FetchKind

ACCEPTED = "gzip, deflate, br"

_STEP = 512 * 1024  # bytes decompressed in one go, between which others get their turn
_MOST_LAYERS = 2
_MOST_MEMBERS = 1_000  # of a gzip file: empty ones cost time and count nowhere else
# IANA's registry without what we read. A name that is not in it says nothing ("UTF-8" is a common one), and browsers
# take such a body as it is.
_UNREADABLE = frozenset(("aes128gcm", "compress", "dcb", "dcz", "exi", "pack200-gzip", "x-compress", "zstd"))


class Inflation:
    """Undoes the codings of one body.

    `codings` is the header `Content-Encoding`, `most` the bytes that may come out of each of its layers.
    """

    def __init__(self, codings: str, most: int) -> None:
        """Read the header.

        Raises:
            FetchFailed: a coding was not asked for, or there are more than anybody needs.
        """
        self._layers = [_LAYERS[name]() for name in reversed(_named(codings))]
        self._made = [0] * len(self._layers)
        self._most = most

    @property
    def complete(self) -> bool:
        """Whether the compressed data has come to its end."""
        return all(layer.complete for layer in self._layers)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Decompress what came in, in pieces of about half a megabyte, which may be empty.

        Raises:
            FetchFailed: it is damaged, or too much.
        """
        return self._through(0, data)

    def _through(self, depth: int, data: bytes) -> Iterator[bytes]:
        if depth == len(self._layers):
            yield data
            return
        for piece in self._layers[depth].feed(data):
            self._made[depth] += len(piece)
            if self._made[depth] > self._most:
                raise FetchFailed(FetchKind.TOO_LARGE, f"more than {self._most} bytes")
            yield from self._through(depth + 1, piece)


class _Gzip:
    """RFC 1952: one member or more; what follows the last is padding, which is common and harmless."""

    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._members = 1
        self._rest = b""  # after a member: what may be the first half of the next one's magic number
        self._over = False
        self.complete = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        data, self._rest = self._rest + data, b""
        while data and not self._over:
            if self.complete:
                if data == b"\x1f":
                    self._rest = data
                    return
                if not data.startswith(b"\x1f\x8b"):
                    self._over = True
                    return
                self._members += 1
                if self._members > _MOST_MEMBERS:
                    raise FetchFailed(FetchKind.CORRUPT, "gzip of too many members")
                self._decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
            yield from _decompressed(self._decoder, data)
            self.complete = self._decoder.eof
            data = self._decoder.unused_data


class _Deflate:
    """zlib's format (RFC 1950) by the standard, and the bare one (RFC 1951) of some servers."""

    def __init__(self) -> None:
        self._decoder: zlib._Decompress | None = None
        self.complete = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self.complete or not data:
            return
        if self._decoder is None:
            bare = data[0] & 0x0F != 8 or data[0] >> 4 > 7
            self._decoder = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS)
        yield from _decompressed(self._decoder, data)
        self.complete = self._decoder.eof


class _Brotli:
    """RFC 7932; its window takes up to 16 MB besides."""

    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()
        self.complete = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        more = bool(data)
        while more:
            try:
                piece = self._decoder.process(data, output_buffer_limit=_STEP)
            except brotli.error as error:
                raise _damaged() from error
            data = b""
            self.complete = self._decoder.is_finished()
            # That it takes more data does not mean that it has given all that it made of the last.
            more = not self.complete and (len(piece) >= _STEP or not self._decoder.can_accept_more_data())
            yield piece


_LAYERS: dict[str, type[_Gzip | _Deflate | _Brotli]] = {
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
}


def _decompressed(decoder: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    """All that a decoder makes of `data`, up to the end of its stream."""
    while True:
        try:
            piece = decoder.decompress(data, _STEP)
        except zlib.error as error:
            raise _damaged() from error
        yield piece
        data = decoder.unconsumed_tail
        if decoder.eof or not (data or len(piece) == _STEP):
            return


def _named(codings: str) -> Sequence[str]:
    """The codings of a header that mean something, in the order in which they were applied."""
    names = [name.strip().lower() for name in codings.split(",")]
    for name in names:
        if name in _UNREADABLE:
            raise FetchFailed(FetchKind.CORRUPT, f"Content-Encoding {name}, which was not asked for")
    names = [name for name in names if name in _LAYERS]
    if len(names) > _MOST_LAYERS:
        raise FetchFailed(FetchKind.CORRUPT, "compressed more than twice")
    return names


def _damaged() -> FetchFailed:
    return FetchFailed(FetchKind.CORRUPT, "body is not compressed as its header says")

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import FetchFailed, FetchKind
from bot.feeds.inflate import Inflation

MOST = 10_000_000


def bare_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


CODINGS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("gzip", gzip.compress),
    ("x-gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", bare_deflate),
    ("br", lambda data: bytes(brotli.compress(data, quality=4))),
]
NAMED = pytest.mark.parametrize(
    ("name", "compress"), CODINGS, ids=["gzip", "x-gzip", "deflate of zlib", "bare deflate", "brotli"]
)


def inflated(codings: str, pieces: list[bytes], most: int = MOST) -> tuple[bytes, bool]:
    """What comes out, and whether it was complete."""
    inflation = Inflation(codings, most)
    body = b"".join(made for piece in pieces for made in inflation.feed(piece))
    return body, inflation.complete


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def refusal(codings: str, pieces: list[bytes], most: int = MOST) -> FetchKind:
    with pytest.raises(FetchFailed) as caught:
        inflated(codings, pieces, most)
    return caught.value.kind


def damage(codings: str, pieces: list[bytes]) -> FetchKind | None:
    try:
        inflated(codings, pieces)
    except FetchFailed as failed:
        return failed.kind
    return None


@NAMED
@given(text=st.binary(max_size=1_000), times=st.integers(1, 3_000), size=st.integers(1, 70_000))
def test_what_was_compressed_comes_out_again_however_it_was_cut_on_the_way(
    name: str, compress: Callable[[bytes], bytes], text: bytes, times: int, size: int
) -> None:
    assert inflated(name, cut(compress(text * times), size)) == (text * times, True)


@NAMED
@pytest.mark.parametrize("size", [524_287, 524_288, 524_300, 524_500, 1_048_576, 5_000_000])
@pytest.mark.parametrize("sent", ["at once", "byte by byte"])
def test_much_comes_out_of_little(name: str, compress: Callable[[bytes], bytes], size: int, sent: str) -> None:
    packed = compress(bytes(size))
    assert inflated(name, cut(packed, len(packed) if sent == "at once" else 1)) == (bytes(size), True)


@NAMED
@given(text=st.binary(min_size=1, max_size=500), data=st.data())
def test_what_is_cut_off_anywhere_is_not_complete(
    name: str, compress: Callable[[bytes], bytes], text: bytes, data: st.DataObject
) -> None:
    packed = compress(text)
    kept = data.draw(st.integers(1, len(packed) - 1))
    assert not inflated(name, [packed[:kept]])[1]


@NAMED
@given(noise=st.binary(min_size=1, max_size=300), size=st.integers(1, 300))
def test_noise_is_damaged_or_incomplete_and_nothing_else(
    name: str, compress: Callable[[bytes], bytes], noise: bytes, size: int
) -> None:
    assert damage(name, cut(noise, size)) in (None, FetchKind.CORRUPT)


@given(
    texts=st.lists(st.binary(max_size=50), min_size=1, max_size=5),
    size=st.integers(1, 100),
    padding=st.sampled_from([b"", bytes(8), b"\x1f", b"\x1fpadding", b"what is this?"]),
)
def test_gzip_in_several_members_is_read_to_its_end_and_padding_left_out(
    texts: list[bytes], size: int, padding: bytes
) -> None:
    packed = b"".join(gzip.compress(text) for text in texts) + padding
    assert inflated("gzip", cut(packed, size)) == (b"".join(texts), True)


def test_padding_ends_gzip_whatever_comes_after_it() -> None:
    assert inflated("gzip", [gzip.compress(b"told"), b"padding", b"\x1f\x8b and more"]) == (b"told", True)


@given(size=st.integers(1, 50))
def test_what_follows_deflate_is_left_out(size: int) -> None:
    assert inflated("deflate", cut(zlib.compress(b"told") + b"padding", size)) == (b"told", True)


@pytest.mark.parametrize("size", [5, 1_000])
def test_what_follows_brotli_is_damage(size: int) -> None:
    assert refusal("br", cut(brotli.compress(b"told " * 100) + b"padding", size)) == FetchKind.CORRUPT


def test_codings_are_undone_in_the_order_opposite_to_theirs() -> None:
    packed = brotli.compress(gzip.compress(b"told"))
    assert inflated("gzip, br", cut(packed, 7)) == (b"told", True)


@pytest.mark.parametrize("header", ["", "identity", "none", "UTF-8", "utf-8, gzip", "GZIP", ", gzip,", " gzip "])
def test_names_that_mean_no_coding_are_passed_over(header: str) -> None:
    packed = gzip.compress(b"told") if "gzip" in header.lower() else b"told"
    assert inflated(header, [packed]) == (b"told", True)


@pytest.mark.parametrize("header", ["zstd", "compress", "gzip, zstd", "gzip, gzip, gzip"])
def test_what_cannot_be_undone_is_refused(header: str) -> None:
    assert refusal(header, []) == FetchKind.CORRUPT


@NAMED
def test_no_step_is_large_and_no_layer_larger_than_allowed(name: str, compress: Callable[[bytes], bytes]) -> None:
    inflation = Inflation(name, 3_000_000)
    steps: list[int] = []
    with pytest.raises(FetchFailed) as caught:
        steps.extend(len(made) for made in inflation.feed(compress(bytes(50_000_000))))
    assert caught.value.kind == FetchKind.TOO_LARGE
    assert max(steps) <= 1_048_576
    assert sum(steps) <= 3_000_000


def test_a_bomb_within_a_bomb_is_stopped_at_its_first_layer() -> None:
    blocks_of_nothing = b"\x00\x00\x00\xff\xff" * 1_000_000
    assert refusal("deflate, gzip", [gzip.compress(blocks_of_nothing)], most=1_000_000) == FetchKind.TOO_LARGE


def test_gzip_of_nothing_but_members_is_refused() -> None:
    assert refusal("gzip", [gzip.compress(b"") * 1_001]) == FetchKind.CORRUPT

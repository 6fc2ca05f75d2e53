"""Looking for a site's feed where sites usually have it."""

from collections.abc import Callable

from bot.domain.errors import AdvertisedFeed, FetchFailed, FetchKind, NotAFeed
from bot.domain.places import usual_places
from bot.ports.web import Fetched, Reader, Web

_TOO_MANY = 429
_ASIDE = frozenset((FetchKind.STATUS, FetchKind.REDIRECTS, FetchKind.CORRUPT, FetchKind.TOO_LARGE))


async def discover(
    web: Web, reader: Reader, url: str, *, on_request: Callable[[], None] = lambda: None
) -> AdvertisedFeed | None:
    """The first feed that lies in one of the usual places of a site; None where none does.

    Nothing further is asked of a site that is in trouble, or that asks to be left alone. An empty feed is one.

    Args:
        web: each place is a request of its own.
        reader: decides what is a feed.
        url: the site's address, or that of a part of it, which is no feed itself.
        on_request: called before each request.
    """
    for place in usual_places(url):
        on_request()
        try:
            answer = await web.get(place)
            assert isinstance(answer, Fetched), "nothing was sent that a server could call unchanged"
            document = await reader.read(answer.body, content_type=answer.content_type, url=answer.url)
        except NotAFeed:
            continue
        except FetchFailed as failure:
            if failure.kind in _ASIDE and failure.status != _TOO_MANY:
                continue
            return None
        return AdvertisedFeed(answer.moved_to or place, document.title)
    return None

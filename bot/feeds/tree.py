"""From XML's bytes to their tree: expat calls ElementTree's builder, both in C, and no Python runs for an element.

Nothing is resolved and nothing is loaded: a document type, which could declare entities, makes it no tree.
"""

from collections.abc import Container
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

XML: Final = "http://www.w3.org/XML/1998/namespace}"
"""What the names of `xml:base` and `xml:lang` begin with."""

_BUFFER: Final = 65_536  # bytes of text that are told at once


class Tree(NamedTuple):
    """A document's tree. Names are written "namespace}local", or "local" where they are in none.

    `prefixes` are those of its namespaces, each the first that is declared; `names` are those of all its elements and
    attributes.
    """

    root: Element
    prefixes: dict[str, str]
    names: Container[str]


class _DocumentType(Exception):
    """There is one."""


def tree_of(document: bytes) -> Tree | None:
    """The tree of a document in UTF-8, whatever it declares; None where it is not well-formed.

    Neither its depth nor its size is bounded here.
    """
    names: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    parser = expat.ParserCreate("utf-8", "}", intern=names)
    parser.buffer_text = True
    parser.buffer_size = _BUFFER
    builder = TreeBuilder()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartNamespaceDeclHandler = lambda prefix, uri: prefixes.setdefault(uri, prefix or "")
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(document, True)  # noqa: FBT003 - takes no keywords
    except (expat.ExpatError, _DocumentType):
        return None
    return Tree(builder.close(), prefixes, names)


def _refuse(*_: object) -> None:
    raise _DocumentType


def inside(element: Element) -> str:
    """What stands between an element's tags, as markup; of its tags only the local names."""
    parts = [_escaped(element.text)]
    around = [(element, iter(element))]
    while around:
        parent, children = around[-1]
        child = next(children, None)
        if child is None:
            around.pop()
            if around:
                parts += (f"</{_local(parent)}>", _escaped(parent.tail))
        elif len(child) or child.text:
            parts += (f"<{_local(child)}>", _escaped(child.text))
            around.append((child, iter(child)))
        else:
            parts += (f"<{_local(child)}/>", _escaped(child.tail))
    return "".join(parts)


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _escaped(text: str | None) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") if text else ""

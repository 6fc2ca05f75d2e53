import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.mend import mend, with_entities_mended
from bot.feeds.tree import XML, inside, tree_of
from support.effort import Effort


def test_names_are_written_with_their_namespaces() -> None:
    tree = tree_of(b"<a xmlns='urn:x' xmlns:q='urn:q'><q:b q:c='1' xml:lang='uk' d='2'/></a>")
    assert tree is not None
    (child,) = tree.root
    assert (tree.root.tag, child.tag) == ("urn:x}a", "urn:q}b")
    assert dict(child.items()) == {"urn:q}c": "1", f"{XML}lang": "uk", "d": "2"}
    assert tree.prefixes == {"urn:x": "", "urn:q": "q"}
    assert f"{XML}lang" in tree.names
    assert f"{XML}base" not in tree.names


def test_text_is_whole_whatever_it_is_made_of() -> None:
    tree = tree_of("<a>«One»\r\n&amp; <![CDATA[<two>]]><!-- no --><?no no?> &#x2014; three</a>".encode())
    assert tree is not None
    assert tree.root.text == "«One»\n& <two> — three"


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<a>", id="an element left open"),
        pytest.param(b"<a>&nbsp;</a>", id="an entity that nobody declared"),
        pytest.param(b"<a>1 & 2</a>", id="a bare ampersand"),
        pytest.param(b"<a><b:c/></a>", id="a prefix that nobody declared"),
        pytest.param(b"<a>\xc3\x28</a>", id="bytes that are no UTF-8"),
        pytest.param(b"<a>\xed\xa0\x80</a>", id="half a character"),
        pytest.param(b"<a>\x01</a>", id="a control character"),
        pytest.param(b"<!DOCTYPE a><a/>", id="a document type"),
        pytest.param(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", id="an entity of its own"),
        pytest.param(b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", id="a file's entity"),
        pytest.param(b"<!DOCTYPE a SYSTEM 'http://127.0.0.1/a.dtd'><a/>", id="a document type elsewhere"),
        pytest.param(b"<!--" + b" " * 50_000 + b"--><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", id="one far behind"),
    ],
)
def test_what_is_not_well_formed_or_declares_anything_is_no_tree(document: bytes) -> None:
    assert tree_of(document) is None


def test_utf_8_is_read_as_such_whatever_is_declared() -> None:
    tree = tree_of("<?xml version='1.0' encoding='windows-1251'?><a>Міст</a>".encode())
    assert tree is not None
    assert tree.root.text == "Міст"


def test_the_inside_of_an_element_is_its_markup() -> None:
    tree = tree_of(b"<a xmlns:h='urn:h'>1 &lt; 2<h:p x='y'>One<br/>two</h:p> &amp;amp; <i>three</i>.</a>")
    assert tree is not None
    assert inside(tree.root) == "1 &lt; 2<p>One<br/>two</p> &amp;amp; <i>three</i>."


def test_depth_costs_no_more_than_length() -> None:
    depth = 200_000
    with Effort() as effort:
        tree = tree_of(b"<a>" * depth + b"x" + b"</a>" * depth)
        assert tree is not None
        assert inside(tree.root).count("<a>") == depth - 1
        del tree
    assert effort.seconds < 10


# Ampersands, before anything else is mended


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        pytest.param("<a>1 & 2</a>", "<a>1 &amp; 2</a>", id="bare"),
        pytest.param("<a b='?c=1&d=2'/>", "<a b='?c=1&amp;d=2'/>", id="in an address"),
        pytest.param("<a>&nbsp;&eacute;</a>", "<a>\xa0é</a>", id="HTML's entities"),
        pytest.param("<a>&amp;&lt;&#8212;</a>", "<a>&amp;&lt;&#8212;</a>", id="XML's entities"),
        pytest.param("<a>&foo;</a>", "<a>&amp;foo;</a>", id="nobody's entity"),
        pytest.param("<a>&<![CDATA[& <b>&nbsp;]]>&</a>", "<a>&amp;<![CDATA[& <b>&nbsp;]]>&amp;</a>", id="in sections"),
        pytest.param("<a><![CDATA[& ", "<a><![CDATA[& ", id="a section left open"),
        pytest.param("<!-- <![CDATA[ --><a>&</a>", "", id="what may be no section"),
        pytest.param("<!DOCTYPE a><a>&</a>", "", id="a document type"),
    ],
)
def test_ampersands_alone_are_mended(text: str, mended: str) -> None:
    assert with_entities_mended(text) == mended


_SOUP = ("told ", "& ", "&amp;", "&nbsp;", "&#150;", "&#xD800;", "<b>x</b>", "<i/>", "<![CDATA[", "]]>", "&copy=", "'")


@given(st.lists(st.sampled_from(_SOUP), max_size=12).map("".join))
def test_where_ampersands_are_all_that_ails_a_document_it_reads_as_if_all_was_mended(told: str) -> None:
    document = f"<rss><channel><item><category>{told}</category></item></channel></rss>"
    quick = tree_of(with_entities_mended(document).encode())
    if quick is not None:
        whole = tree_of(mend(document).encode())
        assert whole is not None
        assert "".join(quick.root.itertext()) == "".join(whole.root.itertext())


@pytest.mark.parametrize("piece", ["&", "& ", "&a", "&#", "&<![CDATA[", "<![CDATA[&]]>"])
def test_ampersands_are_mended_in_linear_time(piece: str) -> None:
    with Effort() as effort:
        with_entities_mended(piece * (1_000_000 // len(piece)))
    assert effort.seconds < 5

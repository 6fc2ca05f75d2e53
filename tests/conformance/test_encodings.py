"""Encodings: declared, undeclared and wrongly declared; by HTTP, by XML, by a byte order mark, or by nobody.

Sources: XML 1.0, appendix F; RFC 7303; the WHATWG's encoding standard, for what old names have come to mean.
"""

import pytest
from wrapping import cases, json_feed, only, read, titles

TITLES = {
    "German": "Zwölf Schiffe für Österreich",
    "French": "Douze navires très pressés à Besançon",
    "Polish": "Dwanaście statków już w Gdańsku",
    "Czech": "Dvanáct lodí už připlulo",
    "Hungarian": "Tizenkét hajó őrzi a kikötőt",
    "Ukrainian": "Військові інструктори їдуть у порт",
    "Russian": "Двенадцать кораблей вышли в море",
    "Bulgarian": "Дванадесет кораба напуснаха пристанището",
    "Greek": "Δώδεκα πλοία αναχώρησαν",
    "Turkish": "On iki gemi İzmir'e gidiyor şimdi",
    "Hebrew": "שתים עשרה ספינות",
    "Arabic": "اثنتا عشرة سفينة",
    "Lithuanian": "Dvylika laivų išplaukė į jūrą",
    "Vietnamese": "Muơi hai tàu",
    "Thai": "เรือสิบสองลำ",
    "Japanese": "十二隻の船が出る",
    "Chinese": "十二艘军舰离开",
    "Taiwanese": "十二艘軍艦離開",
    "Korean": "배 열두 척이 떠났다",
    "English": "Twelve ships leave",
}
ENCODINGS = [
    ("utf-8", "Ukrainian"), ("utf-8", "Japanese"), ("us-ascii", "English"),
    ("iso-8859-1", "German"), ("iso-8859-1", "French"), ("iso-8859-2", "Polish"), ("iso-8859-2", "Hungarian"),
    ("iso-8859-4", "Lithuanian"), ("iso-8859-5", "Russian"), ("iso-8859-5", "Ukrainian"), ("iso-8859-6", "Arabic"),
    ("iso-8859-7", "Greek"), ("iso-8859-8", "Hebrew"), ("iso-8859-9", "Turkish"), ("iso-8859-13", "Lithuanian"),
    ("iso-8859-15", "French"), ("iso-8859-16", "Polish"),
    ("windows-1250", "Polish"), ("windows-1250", "Czech"), ("windows-1251", "Ukrainian"), ("windows-1251", "Russian"),
    ("windows-1251", "Bulgarian"), ("windows-1252", "French"), ("windows-1253", "Greek"), ("windows-1254", "Turkish"),
    ("windows-1255", "Hebrew"), ("windows-1256", "Arabic"), ("windows-1257", "Lithuanian"),
    ("windows-1258", "Vietnamese"), ("koi8-r", "Russian"), ("koi8-u", "Ukrainian"), ("ibm866", "Russian"),
    ("tis-620", "Thai"), ("gb2312", "Chinese"), ("gbk", "Chinese"), ("gb18030", "Chinese"), ("big5", "Taiwanese"),
    ("euc-jp", "Japanese"), ("shift_jis", "Japanese"), ("iso-2022-jp", "Japanese"), ("euc-kr", "Korean"),
    ("macintosh", "French"),
]  # fmt: skip
CODECS = {"macintosh": "mac_roman"}


def declared(encoding: str, title: str) -> str:
    return (
        f'<?xml version="1.0" encoding="{encoding}"?><rss><channel><item><title>{title}</title></item></channel></rss>'
    )


def undeclared(title: str) -> str:
    return f'<?xml version="1.0"?><rss><channel><item><title>{title}</title></item></channel></rss>'


# Where it is said, and true


@pytest.mark.parametrize(("encoding", "language"), ENCODINGS)
@pytest.mark.parametrize("by", ["the document", "HTTP", "both"])
def test_a_title_is_legible_in_an_encoding_that_is_said(by: str, encoding: str, language: str) -> None:
    title = TITLES[language]
    text = undeclared(title) if by == "HTTP" else declared(encoding, title)
    content_type = "" if by == "the document" else f"text/xml; charset={encoding}"
    assert titles(text.encode(CODECS.get(encoding, encoding)), content_type=content_type) == [title]


RARE = """
cp437 cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp866 cp869 cp874 cp1006 cp1125
iso-8859-3 iso-8859-10 iso-8859-14 koi8-t ptcp154 tis-620 mac-cyrillic mac-greek mac-iceland mac-latin2 mac-turkish
"""


@pytest.mark.parametrize("encoding", RARE.split())
def test_a_title_is_legible_in_a_rare_encoding_that_is_said(encoding: str) -> None:
    upper_half = bytes(range(0xA0, 0x100)).decode(encoding, "ignore")
    title = " ".join(letter for letter in upper_half if letter.isalpha())
    assert titles(declared(encoding, title).encode(encoding)) == [title]


@pytest.mark.parametrize(
    ("encoding", "language"),
    [
        ("iso-2022-kr", "Korean"),
        ("johab", "Korean"),
        ("hz", "Chinese"),
        ("euc-jis-2004", "Japanese"),
        ("shift-jisx0213", "Japanese"),
    ],
)
def test_a_title_is_legible_in_a_rare_encoding_of_the_east(encoding: str, language: str) -> None:
    assert titles(declared(encoding, TITLES[language]).encode(encoding)) == [TITLES[language]]


@pytest.mark.parametrize(
    ("name", "codec", "language"),
    cases(
        ("capitals", "UTF-8", "utf-8", "Ukrainian"),
        ("no hyphen", "utf8", "utf-8", "Ukrainian"),
        ("an underscore", "UTF_8", "utf-8", "Ukrainian"),
        ("its first name", "unicode-1-1-utf-8", "utf-8", "Ukrainian"),
        ("Latin 1", "latin1", "iso-8859-1", "French"),
        ("Latin 1 with a hyphen", "latin-1", "iso-8859-1", "French"),
        ("Latin 1 by its letter", "l1", "iso-8859-1", "French"),
        ("Latin 1 with an underscore", "ISO_8859-1", "iso-8859-1", "French"),
        ("Latin 1 without its first hyphen", "iso8859-1", "iso-8859-1", "French"),
        ("Latin 1 without hyphens", "ISO88591", "iso-8859-1", "French"),
        ("Latin 2", "latin2", "iso-8859-2", "Polish"),
        ("Latin 9", "latin9", "iso-8859-15", "French"),
        ("a code page of Windows", "cp1251", "cp1251", "Ukrainian"),
        ("a code page of Windows with its company", "microsoft-cp1251", "cp1251", "Ukrainian"),
        ("a code page of Windows, experimental", "x-cp1251", "cp1251", "Ukrainian"),
        ("a code page of Windows without a hyphen", "windows1251", "cp1251", "Ukrainian"),
        ("a code page of Windows in short", "win-1251", "cp1251", "Ukrainian"),
        ("a code page of Windows in capitals", "WINDOWS-1251", "cp1251", "Ukrainian"),
        ("Russian in short", "koi8", "koi8-r", "Russian"),
        ("Cyrillic of Apple", "x-mac-cyrillic", "mac_cyrillic", "Russian"),
        ("Japanese, experimental", "x-sjis", "shift_jis", "Japanese"),
        ("Japanese with a hyphen", "shift-jis", "shift_jis", "Japanese"),
        ("Japanese of Windows", "windows-31j", "cp932", "Japanese"),
        ("Japanese of Unix, experimental", "x-euc-jp", "euc-jp", "Japanese"),
        ("Chinese, experimental", "x-gbk", "gbk", "Chinese"),
        ("Chinese by its registered name", "GB_2312-80", "gb2312", "Chinese"),
        ("Taiwanese with a hyphen", "big5-hkscs", "big5hkscs", "Taiwanese"),
        ("Korean of its standard", "ks_c_5601-1987", "euc-kr", "Korean"),
        ("Korean of Windows", "windows-949", "cp949", "Korean"),
        ("Thai of Windows", "windows-874", "cp874", "Thai"),
        ("Thai of its standard", "iso-8859-11", "cp874", "Thai"),
    ),
)
def test_an_encoding_has_many_names(name: str, codec: str, language: str) -> None:
    title = TITLES[language]
    assert titles(declared(name, title).encode(codec)) == [title]
    assert titles(undeclared(title).encode(codec), content_type=f"application/rss+xml; charset={name}") == [title]


@pytest.mark.parametrize(
    ("name", "codec", "title"),
    cases(
        ("Latin 1 is Windows's", "iso-8859-1", "cp1252", "“Ships” – now…"),
        ("ASCII is Windows's", "us-ascii", "cp1252", "“Ships” à Paris"),
        ("Turkish is Windows's", "iso-8859-9", "cp1254", "“Gemiler” – şimdi"),
        ("old Chinese is all Chinese", "gb2312", "gb18030", "镕基的军舰"),
        ("old Korean is all Korean", "euc-kr", "cp949", "똠방각하의 배"),
        ("old Japanese is Windows's", "shift_jis", "cp932", "①隻の船が出る"),
        ("Thai is Windows's", "tis-620", "cp874", "“เรือ” สิบสองลำ"),
    ),
)
def test_an_old_name_means_what_it_has_become(name: str, codec: str, title: str) -> None:
    assert titles(declared(name, title).encode(codec)) == [title]


@pytest.mark.parametrize(
    "declaration",
    cases(
        ("as usual", '<?xml version="1.0" encoding="windows-1251"?>'),
        ("apostrophes", "<?xml version='1.0' encoding='windows-1251'?>"),
        ("standing alone", '<?xml version="1.0" encoding="windows-1251" standalone="yes"?>'),
        ("spaces", '<?xml  version = "1.0"  encoding = "windows-1251" ?>'),
        ("lines", '<?xml version="1.0"\n\tencoding="windows-1251"\n?>'),
        ("no version", '<?xml encoding="windows-1251"?>'),
        ("before the version", '<?xml encoding="windows-1251" version="1.0"?>'),
        ("another version", '<?xml version="1.1" encoding="windows-1251"?>'),
        ("a version that is none", '<?xml version="2.0" encoding="windows-1251"?>'),
        ("padding in the name", '<?xml version="1.0" encoding=" windows-1251 "?>'),
        ("no quotation marks", "<?xml version=1.0 encoding=windows-1251?>"),
        ("behind a line", '\n<?xml version="1.0" encoding="windows-1251"?>'),
        ("behind spaces", '   <?xml version="1.0" encoding="windows-1251"?>'),
        ("behind a comment", '<!-- ships --><?xml version="1.0" encoding="windows-1251"?>'),
        ("twice", '<?xml version="1.0" encoding="windows-1251"?>\n<?xml version="1.0" encoding="windows-1251"?>'),
    ),
)
def test_a_declaration_is_read_however_it_is_written(declaration: str) -> None:
    title = TITLES["Ukrainian"]
    body = f"{declaration}<rss><channel><item><title>{title}</title></item></channel></rss>".encode("cp1251")
    assert titles(body) == [title]


@pytest.mark.parametrize(
    "content_type",
    cases(
        ("as usual", "text/xml; charset=windows-1251"),
        ("without a space", "text/xml;charset=windows-1251"),
        ("quotation marks", 'text/xml; charset="windows-1251"'),
        ("apostrophes", "text/xml; charset='windows-1251'"),
        ("capitals", "TEXT/XML; CHARSET=WINDOWS-1251"),
        ("spaces around the sign", "text/xml; charset = windows-1251"),
        ("another parameter before it", "application/rss+xml; version=2.0; charset=windows-1251"),
        ("another parameter behind it", "application/rss+xml; charset=windows-1251; boundary=x"),
        ("no type", "charset=windows-1251"),
        ("a page's type", "text/html; charset=windows-1251"),
    ),
)
def test_http_says_it_however_it_is_written(content_type: str) -> None:
    title = TITLES["Ukrainian"]
    assert titles(undeclared(title).encode("cp1251"), content_type=content_type) == [title]


# By their first bytes


@pytest.mark.parametrize(
    "body",
    cases(
        ("eight bits and their mark", undeclared("Військові").encode("utf-8-sig")),
        ("eight bits and their mark twice", b"\xef\xbb\xbf" + undeclared("Військові").encode("utf-8-sig")),
        ("sixteen bits and their mark", undeclared("Військові").encode("utf-16")),
        ("sixteen bits, the little end first", b"\xff\xfe" + undeclared("Військові").encode("utf-16-le")),
        ("sixteen bits, the great end first", b"\xfe\xff" + undeclared("Військові").encode("utf-16-be")),
        ("sixteen bits, the little end first, without a mark", undeclared("Військові").encode("utf-16-le")),
        ("sixteen bits, the great end first, without a mark", undeclared("Військові").encode("utf-16-be")),
        ("thirty-two bits and their mark", undeclared("Військові").encode("utf-32")),
        ("thirty-two bits, the little end first", b"\xff\xfe\x00\x00" + undeclared("Військові").encode("utf-32-le")),
        ("thirty-two bits, the great end first", b"\x00\x00\xfe\xff" + undeclared("Військові").encode("utf-32-be")),
        ("thirty-two bits, the little end first, without a mark", undeclared("Військові").encode("utf-32-le")),
        ("thirty-two bits, the great end first, without a mark", undeclared("Військові").encode("utf-32-be")),
        ("sixteen bits, declared", declared("utf-16", "Військові").encode("utf-16")),
        ("sixteen bits of one end, declared", declared("utf-16le", "Військові").encode("utf-16-le")),
        ("sixteen bits declared as eight", declared("utf-8", "Військові").encode("utf-16")),
        ("sixteen bits declared as Latin", declared("iso-8859-1", "Військові").encode("utf-16")),
        ("eight bits and their mark, declared as Cyrillic", declared("windows-1251", "Військові").encode("utf-8-sig")),
        ("eight bits declared as sixteen", declared("utf-16", "Військові").encode()),
        ("eight bits declared as sixteen of one end", declared("utf-16be", "Військові").encode()),
        ("eight bits declared as thirty-two", declared("utf-32", "Військові").encode()),
        ("an odd number of bytes", undeclared("Військові").encode("utf-16") + b"\n"),
    ),
)
@pytest.mark.parametrize("content_type", ["", "text/xml", "text/xml; charset=utf-8", "text/xml; charset=iso-8859-1"])
def test_the_first_bytes_say_it(body: bytes, content_type: str) -> None:
    assert titles(body, content_type=content_type) == ["Військові"]


# Where it is not said, or wrongly


@pytest.mark.parametrize(
    ("body", "content_type", "title"),
    cases(
        ("nobody says, and it is UTF-8", undeclared("Військові").encode(), "", "Військові"),
        ("no declaration, and it is UTF-8", undeclared("Військові").encode()[21:], "", "Військові"),
        ("an unknown name, and it is UTF-8", declared("klingon", "Військові").encode(), "", "Військові"),
        ("an empty name, and it is UTF-8", declared("", "Військові").encode(), "", "Військові"),
        (
            "HTTP names nothing known, and it is UTF-8",
            undeclared("Військові").encode(),
            "text/xml; charset=klingon",
            "Військові",
        ),
        ("HTTP's name is empty, and it is UTF-8", undeclared("Військові").encode(), "text/xml; charset=", "Військові"),
        (
            "HTTP's name is none, and it is UTF-8",
            undeclared("Військові").encode(),
            "text/xml; charset=none",
            "Військові",
        ),
        (
            "HTTP says Latin by default, the document UTF-8",
            declared("utf-8", "Військові").encode(),
            "text/xml; charset=iso-8859-1",
            "Військові",
        ),
        (
            "HTTP says ASCII by default, the document UTF-8",
            declared("utf-8", "Військові").encode(),
            "text/xml; charset=us-ascii",
            "Військові",
        ),
        (
            "HTTP says nothing for text, the document UTF-8",
            declared("utf-8", "Військові").encode(),
            "text/xml",
            "Військові",
        ),
        (
            "HTTP says UTF-8, the document Latin, and it is UTF-8",
            declared("iso-8859-1", "Військові").encode(),
            "text/xml; charset=utf-8",
            "Військові",
        ),
        ("the document says Latin, and it is UTF-8", declared("iso-8859-1", "L’été").encode(), "", "L’été"),
        (
            "the document says Cyrillic, and it is UTF-8",
            declared("windows-1251", "Військові").encode(),
            "",
            "Військові",
        ),
        ("the document says ASCII, and it is UTF-8", declared("us-ascii", "Військові").encode(), "", "Військові"),
        ("the document says Chinese, and it is UTF-8", declared("gb2312", "军舰离开港口").encode(), "", "军舰离开港口"),
        (
            "HTTP says Cyrillic, the document UTF-8, and it is Cyrillic",
            declared("utf-8", "Військові").encode("cp1251"),
            "text/xml; charset=windows-1251",
            "Військові",
        ),
        (
            "HTTP says UTF-8, the document Cyrillic, and it is Cyrillic",
            declared("windows-1251", "Військові").encode("cp1251"),
            "text/xml; charset=utf-8",
            "Військові",
        ),
        (
            "HTTP says Latin by default, and it is Cyrillic",
            declared("windows-1251", "Військові").encode("cp1251"),
            "text/xml; charset=iso-8859-1",
            "Військові",
        ),
        (
            "HTTP says UTF-8, the document Latin, and it is Latin",
            declared("iso-8859-1", "L'été à Paris").encode("latin-1"),
            "text/xml; charset=utf-8",
            "L'été à Paris",
        ),
        (
            "HTTP says Latin, the document UTF-8, and it is Latin",
            declared("utf-8", "L'été à Paris").encode("latin-1"),
            "text/xml; charset=iso-8859-1",
            "L'été à Paris",
        ),
        (
            "HTTP says Russian, the document nothing",
            undeclared("Двенадцать кораблей").encode("koi8-r"),
            "text/xml; charset=koi8-r",
            "Двенадцать кораблей",
        ),
        (
            "nobody says, and it is Cyrillic",
            undeclared("Військові інструктори").encode("cp1251"),
            "",
            "Військові інструктори",
        ),
        (
            "nobody says, and it is Russian",
            undeclared("Двенадцать кораблей").encode("cp1251"),
            "",
            "Двенадцать кораблей",
        ),
        (
            "UTF-8 is said, and it is Cyrillic",
            declared("utf-8", "Військові інструктори").encode("cp1251"),
            "",
            "Військові інструктори",
        ),
        ("nobody says, and it is western", undeclared("L’élève à Paris").encode("cp1252"), "", "L’élève à Paris"),
        (
            "UTF-8 is said, and it is western",
            declared("utf-8", "L’élève à Paris").encode("cp1252"),
            "",
            "L’élève à Paris",
        ),
        (
            "an unknown name, and it is western",
            declared("klingon", "L’élève à Paris").encode("cp1252"),
            "",
            "L’élève à Paris",
        ),
        (
            "ASCII is said, and it is western",
            declared("us-ascii", "L’élève à Paris").encode("cp1252"),
            "",
            "L’élève à Paris",
        ),
        ("a codec that is no encoding", declared("rot13", "Військові").encode(), "", "Військові"),
        (
            "a codec that is no encoding, by HTTP",
            undeclared("Військові").encode(),
            "text/xml; charset=base64",
            "Військові",
        ),
    ),
)
def test_a_title_is_legible_whatever_is_said(body: bytes, content_type: str, title: str) -> None:
    assert titles(body, content_type=content_type) == [title]


# Bytes that are wrong, and characters that may not be


@pytest.mark.parametrize(
    ("body", "title"),
    cases(
        (
            "a stray quotation mark of Windows",
            declared("utf-8", "Військові йдуть @слова@").encode().replace(b"@", b"\x94"),
            "Військові йдуть ”слова”",
        ),
        (
            "a stray letter of Windows",
            declared("utf-8", "L’été à la m@r, déjà près du phare").encode().replace(b"@", b"\xe9"),
            "L’été à la mér, déjà près du phare",
        ),
        (
            "sixteen bits with a stray byte at the end",
            undeclared("Військові").encode("utf-16-le") + b"\x00",
            "Військові",
        ),
        ("a NUL", declared("utf-8", "Вій\x00ськові").encode(), "Військові"),
        ("NULs before the document", b"\x00\x00" + declared("utf-8", "Військові").encode(), "Військові"),
        ("NULs behind the document", declared("utf-8", "Військові").encode() + b"\x00\x00", "Військові"),
        ("a bell", declared("utf-8", "Вій\x07ськові").encode(), "Військові"),
        ("a form feed", declared("utf-8", "Наші\x0cвійськові").encode(), "Наші військові"),
        ("a vertical tab", declared("utf-8", "Наші\x0bвійськові").encode(), "Наші військові"),
        ("an escape character", declared("utf-8", "Вій\x1bськові").encode(), "Військові"),
        ("a delete character", declared("utf-8", "Вій\x7fськові").encode(), "Військові"),
        ("a byte order mark within", declared("utf-8", "Вій\ufeffськові").encode(), "Військові"),
        ("what is no character", declared("utf-8", "Вій\uffffськові").encode(), "Військові"),
        ("a half of a pair", declared("utf-8", "Вій\ud83dськові").encode("utf-8", "surrogatepass"), "Військові"),
        (
            "a pair of halves, each encoded",
            declared("utf-8", "\ud83d\udd14 Війна").encode("utf-8", "surrogatepass"),
            "🔔 Війна",
        ),
        ("a character of four bytes", declared("utf-8", "🔔 Війна").encode(), "🔔 Війна"),
        ("a soft hyphen", declared("utf-8", "Війсь\u00adкові").encode(), "Військові"),
        ("a space of no width", declared("utf-8", "Війсь\u200bкові").encode(), "Військові"),
        ("an order of writing overridden", declared("utf-8", "\u202eВійськові\u202c").encode(), "Військові"),
        ("a line separator", declared("utf-8", "Наші\u2028військові").encode(), "Наші військові"),
        ("a next line", declared("utf-8", "Наші\u0085військові").encode(), "Наші військові"),
        ("an accent of its own", declared("utf-8", "Cafe\u0301").encode(), "Cafe\u0301"),
    ),
)
def test_wrong_bytes_spoil_only_themselves(body: bytes, title: str) -> None:
    assert titles(body) == [title]


@pytest.mark.parametrize(
    ("reference", "title"),
    cases(
        ("a letter", "&#1042;", "AВB"),
        ("a letter by its hexadecimal number", "&#x412;", "AВB"),
        ("a letter by its hexadecimal number in capitals", "&#X412;", "AВB"),
        ("a letter by a number with noughts", "&#0001042;", "AВB"),
        ("a character beyond sixteen bits", "&#128276;", "A🔔B"),
        ("a pair of halves", "&#55357;&#56596;", "A🔔B"),
        ("a half of a pair", "&#55357;", "AB"),
        ("a dash of Windows", "&#150;", "A–B"),
        ("a quotation mark of Windows", "&#146;", "A’B"),
        ("a NUL", "&#0;", "AB"),
        ("a bell", "&#7;", "AB"),
        ("an escape character", "&#27;", "AB"),
        ("what is no character", "&#xFFFF;", "AB"),
        ("a number that is too large", "&#x110000;", "AB"),
        ("a tab", "&#9;", "A B"),
        ("a line feed", "&#10;", "A B"),
        ("a space that does not break", "&#160;", "A B"),
        ("a narrow space", "&#8239;", "A B"),
        ("a space of no width", "&#8203;", "AB"),
        ("an override of the order of writing", "&#8238;", "AB"),
    ),
)
def test_a_character_may_be_given_by_its_number(reference: str, title: str) -> None:
    assert titles(declared("utf-8", f"A{reference}B").encode()) == [title]


def test_an_encoding_holds_for_attributes_and_texts_alike() -> None:
    title = TITLES["Ukrainian"]
    document = (
        '<?xml version="1.0" encoding="koi8-u"?><feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id>'
        f'<title>{title}</title><summary>{title}</summary><category term="{title}"/></entry></feed>'
    )
    found = only(document.encode("koi8-u"))
    assert (found.title, found.summary, found.categories) == (title, title, (title,))


def test_json_is_utf_8_whatever_http_says() -> None:
    document = json_feed({"id": "1", "title": "x"}).replace('"x"', '"Військові"')
    assert titles(document.encode(), content_type="application/feed+json; charset=iso-8859-1") == ["Військові"]


def test_a_long_document_is_cut_nowhere() -> None:
    title = "Військові " * 50
    body = f"<rss><channel>{f'<item><title>{title}</title></item>' * 500}</channel></rss>".encode()
    assert {found.title for found in read(body).entries} == {title.strip()}

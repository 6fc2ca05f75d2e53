import csv
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.feeds.decode import decode, seems_utf8
from support.effort import Effort

FEEDS = Path(__file__).parents[2] / "shared" / "data" / "feeds"

HEADLINES = {
    "uk": (
        "Військові інструктори прибули на навчальний полігон",
        "Уряд схвалив бюджет на підтримку прифронтових громад",
        "Рятувальники ліквідували пожежу в центрі міста",
        "«Ми не зупинимось»: у Львові відкрили міст після ремонту",
        "Енергетики готуються до зими – що зміниться для споживачів",
        "Зʼїзд фермерів вимагає дешевшого пального, ґрунти виснажені",
        "Їжа для школярів подорожчає з нового року",
        "Парламент ухвалив закон про ветеранів",
    ),
    "ru": (
        "Военные инструкторы прибыли на учебный полигон",
        "Правительство одобрило бюджет на поддержку областей",
        "Спасатели потушили пожар в центре города",
        "«Мы не остановимся»: после ремонта открыли мост",
        "Энергетики готовятся к зиме – что изменится для жителей",
        "Съезд фермеров требует удешевить топливо",
        "Ещё один поезд задержан из-за снегопада",
        "Парламент принял закон о ветеранах",
    ),
    "bg": (
        "Военни инструктори пристигнаха на учебния полигон",
        "Правителството одобри бюджета за подкрепа на общините",
        "Пожарникари овладяха огъня в центъра на града",
        "„Няма да спрем“: отвориха моста след ремонта",
        "Енергетиците се готвят за зимата – какво се променя",
        "Фермерите искат по-евтино гориво и протестират",
        "Още един влак закъсня заради снеговалежа",
        "Парламентът прие закона за ветераните",
    ),
    "pl": (
        "Instruktorzy wojskowi przybyli na poligon ćwiczebny",
        "Rząd przyjął budżet na wsparcie gmin przygranicznych",
        "Strażacy ugasili pożar w śródmieściu",
        "„Nie zatrzymamy się”: most otwarty po remoncie",
        "Energetycy szykują się do zimy – co się zmieni",
        "Zjazd rolników żąda tańszego paliwa",
        "Źródła: pociąg spóźnił się przez śnieżycę",
        "Sejm uchwalił ustawę o weteranach",
    ),
    "cs": (
        "Vojenští instruktoři dorazili na cvičiště",
        "Vláda schválila rozpočet na podporu obcí",
        "Hasiči uhasili požár v centru města",
        "„Nezastavíme se“: most je po opravě otevřen",
        "Energetici se připravují na zimu – co se změní",
        "Sjezd zemědělců žádá levnější naftu",
        "Další vlak měl kvůli sněhu zpoždění",
        "Sněmovna přijala zákon o válečných veteránech",
    ),
    "fr": (
        "Des instructeurs militaires sont arrivés au camp d’entraînement",
        "Le gouvernement adopte un budget pour les communes",
        "Les pompiers ont maîtrisé l’incendie au cœur de la ville",
        "« Nous ne nous arrêterons pas » : le pont rouvert après travaux",
        "L’énergie avant l’hiver : ce qui va changer",
        "Congrès agricole : on réclame un carburant moins cher",
        "Un train retardé à cause de la neige, ça dure",
        "Le Sénat vote la loi sur les anciens combattants blessés",
    ),
    "de": (
        "Militärausbilder sind auf dem Übungsplatz eingetroffen",
        "Regierung beschließt Haushalt zur Förderung der Gemeinden",
        "Feuerwehr löscht Brand in der Innenstadt von Lüneburg",
        "„Wir hören nicht auf“: Brücke nach Umbau geöffnet",
        "Versorger rüsten sich für den Winter – was sich ändert",
        "Bauern fordern günstigeren Treibstoff",
        "Zug wegen Schneefalls verspätet: Ärger auf dem Bahnsteig",
        "Bundestag verabschiedet Gesetz für Veteranen und Angehörige",
    ),
    "es": (
        "Instructores militares llegan al campo de entrenamiento de León",
        "El Gobierno aprobó el presupuesto para los municipios pequeños",
        "Los bomberos apagaron el incendio en el centro histórico",
        "«No pararemos»: reabre el puente tras las obras de reparación",
        "La energía antes del invierno: ¿qué cambiará?",
        "Los agricultores piden combustible más barato este año",
        "Un tren se retrasó por la nieve y la niebla en España",
        "El Senado votó la ley de los veteranos después de un año",
    ),
    "el": (
        "Στρατιωτικοί εκπαιδευτές έφτασαν στο πεδίο ασκήσεων",
        "Η κυβέρνηση ενέκρινε τον προϋπολογισμό για τους δήμους",
        "Οι πυροσβέστες έσβησαν τη φωτιά στο κέντρο της πόλης",
        "«Δεν θα σταματήσουμε»: άνοιξε η γέφυρα μετά τα έργα",
        "Η ενέργεια πριν από τον χειμώνα – τι αλλάζει",
        "Άγρια καταιγίδα χτύπησε τα νησιά του Αιγαίου",
        "Ένα ακόμη τρένο καθυστέρησε λόγω χιονιού",
        "Η Βουλή ψήφισε τον νόμο για τους απόμαχους",
    ),
    "tr": (
        "Askerî eğitmenler tatbikat alanına ulaştı",
        "Hükümet belediyelere destek bütçesini onayladı",
        "İtfaiye şehir merkezindeki yangını söndürdü",
        "“Durmayacağız”: köprü onarımdan sonra açıldı",
        "Kışa hazırlık: enerji faturalarında ne değişiyor",
        "Çiftçiler daha ucuz yakıt istiyor",
        "Kar yağışı yüzünden bir tren daha gecikti",
        "Meclis gaziler yasasını kabul etti, Iğdır'da sevinç",
    ),
    "he": (
        "מדריכים צבאיים הגיעו אל שטח האימונים",
        "הממשלה אישרה תקציב לתמיכה ברשויות",
        "הכבאים השתלטו על השריפה במרכז העיר",
        "״לא נעצור״: הגשר נפתח לאחר שיפוץ",
        "חברת החשמל נערכת לחורף – מה ישתנה",
        "ועידת החקלאים דורשת דלק זול יותר",
        "רכבת נוספת התעכבה בגלל השלג",
        "הכנסת אישרה את חוק הלוחמים",
    ),
    "ar": (
        "وصل المدربون العسكريون إلى ميدان التدريب",
        "الحكومة تقر ميزانية لدعم البلديات",
        "رجال الإطفاء يخمدون حريقا وسط المدينة",
        "«لن نتوقف»: افتتاح الجسر بعد الترميم",
        "قطاع الطاقة يستعد للشتاء، ماذا سيتغير؟",
        "المزارعون يطالبون بوقود أرخص ثمنا",
        "تأخر قطار آخر بسبب الثلوج الكثيفة",
        "البرلمان يصوت على قانون المحاربين القدامى",
    ),
    "zh": (
        "军事教官抵达训练场，演习下周开始",
        "政府批准支持地方的预算方案",
        "消防员扑灭了市中心的大火",
        "“我们不会停下”：大桥维修后重新开放",
        "能源企业为冬季做准备：哪些会改变",
        "农民大会要求降低燃料价格",
        "又一列火车因大雪晚点",
        "议会通过了退伍军人法",
    ),
    "zh-TW": (
        "軍事教官抵達訓練場，演習下週開始",
        "政府核准支持地方的預算方案",
        "消防員撲滅了市中心的大火",
        "「我們不會停下」：大橋整修後重新開放",
        "能源業者為冬季做準備：哪些會改變",
        "農民大會要求降低燃料價格",
        "又一列火車因大雪誤點",
        "立法院通過了退伍軍人法",
    ),
    "ja": (
        "軍事教官が演習場に到着、訓練は来週から",
        "政府は自治体を支える予算案を承認した",
        "消防隊が市中心部の火災を消し止めた",
        "「私たちは止まらない」橋の修理が終わり開通",
        "冬に備えるエネルギー会社、何が変わるのか",
        "農家の大会、燃料の値下げを求める",
        "大雪でまた列車に遅れ",
        "国会が退役軍人の法案を可決",
    ),
    "ko": (
        "군사 교관들이 훈련장에 도착했다",
        "정부가 지방을 지원하는 예산안을 승인했다",
        "소방대가 도심의 화재를 진압했다",
        "‘멈추지 않겠다’ 보수를 마친 다리 다시 개통",
        "겨울을 준비하는 에너지 업계, 무엇이 바뀌나",
        "농민 대회, 연료 가격 인하를 요구",
        "폭설로 열차 또 지연",
        "국회, 참전 용사 법안 통과",
    ),
}
CHARSETS = {
    "uk": ("windows-1251", "koi8-u", "iso-8859-5", "cp1125", "utf-16-le"),
    "ru": ("windows-1251", "koi8-r", "iso-8859-5", "cp866", "utf-16-be"),
    "bg": ("windows-1251", "koi8-r", "iso-8859-5"),
    "pl": ("windows-1250", "iso-8859-2"),
    "cs": ("windows-1250", "iso-8859-2"),
    "fr": ("windows-1252", "iso-8859-15"),
    "de": ("windows-1252", "iso-8859-1"),
    "es": ("windows-1252", "iso-8859-1"),
    "el": ("windows-1253", "iso-8859-7"),
    "tr": ("windows-1254", "iso-8859-9"),
    "he": ("windows-1255", "iso-8859-8"),
    "ar": ("windows-1256", "iso-8859-6"),
    "zh": ("gb2312", "gbk", "gb18030", "utf-16-le"),
    "zh-TW": ("big5", "gbk"),
    "ja": ("shift_jis", "euc-jp", "iso-2022-jp", "utf-16-le"),
    "ko": ("euc-kr", "cp949"),
}
PLAINER = str.maketrans("«»“”„‘’–ʼ״\xa0œ", '"""""\'\'-\'" o')
DECLARATIONS = {
    "nothing": ("", ""),
    "UTF-8": ('<?xml version="1.0" encoding="utf-8"?>', "text/xml; charset=utf-8"),
    "a server's default": ('<?xml version="1.0"?>', "text/xml; charset=ISO-8859-1"),
}
UKRAINIAN = "Військові інструктори прибули: «Україна» – це ми"


def rss(*titles: str, declaration: str = "") -> str:
    items = "".join(
        f"<item><title>{title}</title><link>https://outlet.example/{n}</link>"
        f"<pubDate>Mon, 23 Nov 2026 10:{n % 60:02}:00 +0000</pubDate></item>\n"
        for n, title in enumerate(titles)
    )
    return f'{declaration}<rss version="2.0"><channel><title>Outlet</title>{items}</channel></rss>'


def in_charset(language: str, charset: str) -> list[str]:
    """A language's headlines as an encoding can hold them; "" where it has no such letters."""

    def held(line: str) -> Iterator[str]:
        for each in (line, line.translate(PLAINER)):
            try:
                each.encode(charset)
            except UnicodeEncodeError:
                continue
            yield each

    lines = (next(held(line), "") for line in HEADLINES[language])
    return [line for line in lines if not line.isascii()]


@pytest.mark.parametrize("declared", DECLARATIONS)
@pytest.mark.parametrize(
    ("language", "charset"), [(language, charset) for language, charsets in CHARSETS.items() for charset in charsets]
)
def test_undeclared_and_misdeclared_headlines_are_read(language: str, charset: str, declared: str) -> None:
    declaration, content_type = DECLARATIONS[declared]
    lines = in_charset(language, charset)
    assert len(lines) > 3
    several = [[*lines[n:], *lines[:n]][:3] for n in range(len(lines))]
    for titles in ([[line] for line in lines], several, [(lines * 30)[:30]]):
        for each in titles:
            text = rss(*each, declaration=declaration)
            assert decode(text.encode(charset), content_type) == text


@pytest.mark.parametrize(
    ("language", "charset"),
    [
        (language, charset)
        for language, charsets in CHARSETS.items()
        for charset in charsets
        if not charset.startswith("utf-16")
    ],
)
def test_declared_headlines_are_read(language: str, charset: str) -> None:
    for line in in_charset(language, charset):
        text = rss(line, declaration=f"<?xml version='1.0' encoding='{charset}'?>")
        assert decode(text.encode(charset), "") == text
        assert decode(text.encode(charset), f"text/xml; charset={charset}") == text


@pytest.mark.parametrize(
    ("language", "charset", "declared"),
    [
        ("uk", "windows-1251", "iso-8859-5"),
        ("uk", "windows-1251", "windows-1250"),
        ("ru", "windows-1251", "koi8-r"),
        ("ru", "koi8-r", "windows-1251"),
        ("ru", "windows-1251", "gb2312"),
        ("pl", "windows-1250", "iso-8859-2"),
        ("cs", "windows-1250", "iso-8859-2"),
        ("el", "windows-1253", "iso-8859-7"),
        ("fr", "windows-1252", "windows-1251"),
        ("de", "iso-8859-1", "windows-1250"),
        ("ar", "windows-1256", "iso-8859-6"),
        ("zh", "gbk", "big5"),
        ("zh", "gbk", "windows-1251"),
        ("zh-TW", "big5", "gb2312"),
        ("ja", "shift_jis", "euc-jp"),
        ("ja", "euc-jp", "shift_jis"),
        ("ko", "euc-kr", "shift_jis"),
    ],
)
def test_a_declaration_that_makes_no_sense_is_not_believed(language: str, charset: str, declared: str) -> None:
    text = rss(*in_charset(language, charset), declaration=f'<?xml version="1.0" encoding="{declared}"?>')
    assert decode(text.encode(charset), f"text/xml; charset={declared}") == text


@pytest.mark.parametrize(
    ("charset", "content_type"),
    [
        pytest.param("cp1251", "text/xml; charset=windows-1251", id="plain"),
        pytest.param("cp1251", 'text/xml;charset="windows-1251"', id="quoted"),
        pytest.param("cp1251", "text/xml; charset='windows-1251'; x=y", id="quoted singly"),
        pytest.param("cp1251", "text/xml; CHARSET = Windows-1251;", id="in capitals, with blanks and a semicolon"),
        pytest.param("cp1251", "text/xml; charset=win-1251", id="win"),
        pytest.param("cp1251", "text/xml; charset=cp-1251", id="cp"),
        pytest.param("cp1251", "text/xml; charset=x-cp1251", id="x"),
        pytest.param("cp1251", "text/xml; charset=utf-8; charset=windows-1251", id="two"),
        pytest.param("mac_cyrillic", "text/xml; charset=x-mac-cyrillic", id="one that is not looked for"),
        pytest.param("cp855", "text/xml; charset=ibm855", id="another that is not looked for"),
        pytest.param("cp1251", "text/xml; charset=none", id="none"),
        pytest.param("cp1251", "text/xml; charset=", id="empty"),
        pytest.param("koi8-u", "text/xml; charset=koi8", id="koi8"),
        pytest.param("utf-8", "text/xml; charset=utf8mb4", id="a database's"),
        pytest.param("utf-8", "text/xml; charset=UTF_8", id="an underscore"),
        pytest.param("utf-8", "text/xml; charset=hex", id="a codec that is none for text"),
    ],
)
def test_labels_are_read_as_they_are_written(charset: str, content_type: str) -> None:
    text = rss("Спасатели потушили пожар", "Ещё один поезд задержан")
    assert decode(text.encode(charset), content_type) == text


@pytest.mark.parametrize("declared", ["utf-16", "UTF-16LE", "utf-7", "cp037", "idna", "raw-unicode-escape", "rot13"])
def test_an_encoding_that_markup_cannot_be_in_is_not_believed(declared: str) -> None:
    text = rss("+ADw-b+AD4- \\u0041", UKRAINIAN, declaration=f'<?xml version="1.0" encoding="{declared}"?>')
    assert decode(text.encode(), f"text/xml; charset={declared}") == text
    plain = rss("+ADw-b+AD4- \\u0041")
    assert decode(plain.encode(), f"text/xml; charset={declared}") == plain
    cyrillic = text.replace("і", "и").replace("ї", "и")
    assert decode(cyrillic.encode("cp1251"), f"text/xml; charset={declared}") == cyrillic


def test_hebrew_is_read_in_either_direction_of_its_label() -> None:
    text = rss("הממשלה אישרה תקציב")
    for label in ("iso-8859-8", "iso-8859-8-i", "windows-1255"):
        assert decode(text.encode("cp1255"), f"text/xml; charset={label}") == text


def test_latin_1_means_windows_1252() -> None:
    text = rss("“L’élève” – 20 €", declaration='<?xml version="1.0" encoding="ISO-8859-1"?>')
    assert decode(text.encode("cp1252"), "") == text


@pytest.mark.parametrize(
    "title",
    [
        "A café in Paris",
        "Council loses £5m deal",
        "It’s “fine” – really",
        "Temperatures of 40°C in July",
        "Beyoncé returns to Malmö",
        "São Paulo and Curaçao",
    ],
)
def test_one_sign_in_an_english_feed_is_windows_1252(title: str) -> None:
    text = rss("The council met again on Monday", title, "Rain before the weekend")
    assert decode(text.encode("cp1252"), "") == text


def test_a_language_that_is_declared_decides_between_two_readings() -> None:
    title = "Sejm ostro o kandydaturę"
    body = rss(title).encode("cp1250")
    assert title not in decode(body, "")
    assert title in decode(body.replace(b"<item>", b"<language>pl-PL</language><item>"), "")


@pytest.mark.parametrize(
    "charset", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]
)
def test_byte_order_marks_and_wide_encodings_are_read_whatever_is_declared(charset: str) -> None:
    for start in ("", "\n", '<?xml version="1.0" encoding="windows-1251"?>'):
        text = start + rss(UKRAINIAN, "军事教官")
        assert decode(text.encode(charset), "text/xml; charset=iso-8859-1") == text


def test_a_mark_of_utf_8_before_another_encoding_is_only_taken_off() -> None:
    text = rss(UKRAINIAN)
    assert decode(b"\xef\xbb\xbf" + text.encode("cp1251"), "") == text


@pytest.mark.parametrize(
    ("charset", "content_type"),
    [("iso2022_jp", ""), ("iso2022_jp", "text/xml; charset=utf-8"), ("hz", "text/xml; charset=hz-gb-2312")],
)
def test_encodings_within_ascii_are_read(charset: str, content_type: str) -> None:
    text = rss("中国人大")
    assert decode(text.encode(charset), content_type) == text


def test_ascii_that_only_looks_like_such_an_encoding_stays() -> None:
    for text in (rss("a ~{ b"), rss("a \x1b$ b"), rss("\x1b[31mred")):
        assert decode(text.encode(), "") == text


STRAY = [
    pytest.param("слова …".encode(), b"\x94", "”", id="a quotation mark amid Cyrillic"),
    pytest.param("un café d’été".encode(), b"\xe9", "é", id="an accent among ASCII"),
    pytest.param(
        "L’été à l’école, déjà à côté".encode(),
        b"\xc9COLE D\xc9J\xc0 VU",
        "ÉCOLE DÉJÀ VU",
        id="capitals among capitals",
    ),
    pytest.param("Військові слова".encode(), b"\xd0...", "...", id="a character cut in two"),
    pytest.param("军事教官".encode(), b"\xe5\xae", "", id="two thirds of one"),
    pytest.param("D’où vient l’été".encode(), b" \xc3 ", "  ", id="half an accent"),
    pytest.param("слова".encode(), b"\xed\xa0\xbd\xed\xb8\x80", "😀", id="an emoji in halves"),
    pytest.param("слова".encode(), b"\xed\xa0\xbd", "", id="half an emoji"),
]


@pytest.mark.parametrize(("good", "wrong", "read"), STRAY)
def test_stray_bytes_amid_utf_8_are_read_or_dropped(good: bytes, wrong: bytes, read: str) -> None:
    body = b"<rss><title>" + good + b" x" + wrong + b" y</title></rss>"
    assert decode(body, "text/xml; charset=utf-8") == f"<rss><title>{good.decode()} x{read} y</title></rss>"


def test_a_stray_quotation_mark_may_touch_letters() -> None:
    body = rss("Військові *слова* ще").encode().replace(b"*", b"\x93", 1).replace(b"*", b"\x94", 1)
    assert decode(body, "") == rss("Військові “слова” ще")


def test_what_was_written_in_two_encodings_is_read_in_both() -> None:
    first, second = rss(*[UKRAINIAN] * 4), rss("Рятувальники ліквідували пожежу в центрі міста")
    assert decode(first.encode() + second.encode("cp1251"), "") == first + second


def test_what_cannot_be_read_is_said_so() -> None:
    text = rss("軍事教官が到着", "政府は予算案を承認した", declaration='<?xml version="1.0" encoding="euc-jp"?>')
    assert decode(text.encode("euc-jp").replace("が".encode("euc-jp"), b"\xff"), "") == text.replace("が", "\ufffd")


def misread(text: str, charset: str) -> str:
    """UTF-8 as it looks to whom takes it for another encoding; what is undefined there is a control character."""
    return "".join(bytes([byte]).decode(charset, "ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize("charset", ["cp1252", "latin-1", "cp1251"])
@pytest.mark.parametrize("title", [UKRAINIAN, "It’s “fine” – really", "L’été à la forêt", "军事教官", "🚀 здійнялась"])
def test_utf_8_that_was_encoded_twice_is_repaired(title: str, charset: str) -> None:
    text = rss("Plain", title, "Plain again")
    twice = misread(text, charset)
    assert twice != text
    assert decode(twice.encode(), "") == text
    assert decode(misread(twice, charset).encode(), "") == text


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("Why it turns into â€™ so often", id="the only one"),
        pytest.param("Why ’ turns into â€™, é into Ã© and “ into â€œ", id="beside what it should be"),
        pytest.param("Ð£ÐºÑ€Ð°Ñ—Ð½Ð° means Україна", id="in two scripts"),
        pytest.param("São Tomé à l’été: ça va, Ångström?", id="accents"),
        pytest.param("Â€ Â™ Â“ Â”", id="what would come to control characters"),
        pytest.param("Сёстры Рёрих – «Рік»", id="letters that such misreadings are full of"),
    ],
)
def test_a_document_that_quotes_a_misreading_stays(title: str) -> None:
    assert decode(rss(title).encode(), "") == rss(title)


def test_a_misreading_behind_much_ascii_is_repaired() -> None:
    text = rss(*["Plain"] * 500, UKRAINIAN)
    assert decode(misread(text, "cp1252").encode(), "") == text


@given(
    st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.sampled_from("abc <>&;'\n\t"), max_size=50)
)
def test_utf_8_is_what_it_is(text: str) -> None:
    assert decode(text.encode(), "text/xml; charset=windows-1251") == text


@given(
    st.lists(
        st.binary(max_size=6)
        | st.sampled_from(
            (
                *(
                    b"<title>",
                    b"</title>",
                    b"\x1b$B",
                    b"~{",
                    b"\xff\xfe",
                    b"\xef\xbb\xbf",
                    b"<\x00",
                    b"\xed\xa0\xbd\xed\xb8\x80",
                ),
                *("слова".encode(), "слова".encode("cp1251"), "军事".encode("gbk"), "Ð£".encode(), b"<language>uk"),
            )
        )
    ).map(b"".join),
    st.sampled_from(["", "x; charset=", "charset=hz", "charset=iso-2022-kr", "charset=johab", "charset=utf-8-sig"])
    | st.text().map("charset={}".format),
)
def test_whatever_comes_text_comes_out(body: bytes, content_type: str) -> None:
    text = decode(body, content_type)
    assert "\x00" not in text
    text.encode()


@pytest.mark.parametrize(
    "piece",
    [
        *(
            b"\xff",
            b"\x80",
            b"<\xff",
            b"<\xd1\x96\xd1\x96\xff",
            b"\xd1\x96\xd1\x96\xd1\x96\x93",
            b"\xed\xa0\xbd\xed\xb8\x80",
        ),
        *(
            b"\x1b$B!!",
            b"~{",
            b"\x00",
            b"<\x00",
            b"a",
            b"\xc3\x90",
            b"\x81\x30\x81\x30",
            b"> a b c d e",
            b"<?xml  encoding ",
        ),
    ],
)
def test_a_body_made_to_be_slow_is_read_in_time(piece: bytes) -> None:
    body = piece * (10_000_000 // len(piece)) + b"\xff"
    with Effort() as effort:
        decode(body, "charset=hz;" + "charset=" * 100_000)
    assert effort.seconds < 15


def test_clean_utf_8_costs_hardly_more_than_its_decoding() -> None:
    body = rss(*[UKRAINIAN] * 12_000).encode()

    def seconds(work: object) -> float:
        assert callable(work)
        taken = []
        for _ in range(9):
            with Effort() as effort:
                work()
            taken.append(effort.seconds)
        return min(taken)

    assert seconds(lambda: decode(body, "")) < 3 * seconds(body.decode) + 0.002


def test_detection_takes_a_moment() -> None:
    body = rss(*[UKRAINIAN] * 12_000).encode("cp1251")
    decode(body, "")
    with Effort() as effort:
        decode(body, "")
    assert effort.seconds < 0.1


@pytest.mark.skipif(not FEEDS.is_dir(), reason="the feeds lie outside the repository")
def test_real_feeds_are_read_in_the_encodings_that_their_languages_were_written_in() -> None:
    charsets = {"uk": "cp1251", "ru": "koi8-u", "cs": "cp1250", "sk": "iso8859-2", "pl": "iso8859-2", "zh": "gb18030"}
    charsets |= dict.fromkeys(("en", "de", "fr", "it", "es", "pt", "sv", "da", "no"), "cp1252")
    with (FEEDS / "index.csv").open(encoding="utf-8", newline="") as index:
        languages = {row["file"]: row["lang_detected"] for row in csv.DictReader(index)}
    read = 0
    for file, language in languages.items():
        body = (FEEDS / file).read_bytes()
        charset = charsets.get(language)
        try:
            text = re.sub(r"encoding=\S+", "", body.decode("utf-8-sig"), count=1)
        except UnicodeDecodeError:
            continue
        if charset is None or os.fspath(file).endswith(".json"):
            continue
        undeclared = text.encode(charset, "xmlcharrefreplace")
        assert decode(undeclared, "") == undeclared.decode(charset), file
        read += 1
    assert read > 80


@settings(max_examples=300)
@example("été à la é".encode().decode("cp1252").encode(), "")
@example(b"~{<:Ky2;R~}", "text/xml; charset=hz-gb-2312")
@example(b"\x1b$B46;v\x1b(B", "")
@example(b"<a>\x00</a>", "")
@example("\ufeff<a/>".encode(), "")
@given(st.one_of(st.text().map(str.encode), st.binary()), st.sampled_from(("", "text/xml; charset=windows-1251")))
def test_what_seems_to_be_utf_8_and_is_valid_stays_as_it_is(body: bytes, content_type: str) -> None:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return
    if seems_utf8(body, content_type):
        assert decode(body, content_type) == text

"""The words by which an article's page gives away what is not the article: in its classes, and in its own languages.

Vocabulary only; what is done about it is in `bot.feeds.page_tree` and `bot.feeds.article`.
"""

import re
from enum import IntEnum
from typing import Final


def names(text: str) -> frozenset[str]:
    """The names in a text, apart by white space."""
    return frozenset(text.split())


def _any_of(*phrases: str) -> str:
    return "(?:" + "|".join(phrases) + ")"


# Elements

SILENT: Final = names(
    "script style noscript template svg math canvas iframe object embed applet audio video map area select textarea "
    "button input datalist option dialog menu nav footer aside link meta base title amp-ad amp-analytics amp-carousel "
    "amp-consent amp-embed amp-iframe amp-sidebar amp-social-share amp-sticky-ad amp-user-notification gcse:search"
)
"""Never the article's."""
ROLES: Final = names(
    "navigation contentinfo complementary search dialog alertdialog menu menubar toolbar tablist tooltip alert"
)
BLOCKS: Final = names(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hgroup hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul"
)
HEADINGS: Final = names("h1 h2 h3 h4 h5 h6")

# Classes and ids, taken apart into their words ("c-relatedLinks__item" is c, related, links and item).

FOREIGN: Final = names(
    "ad ads adv advert advertisement adsbygoogle advertorial anzeige sponsor sponsored werbung reklama outbrain taboola "
    "mgid plista revcontent dfp adslot banner "
    "related recommended recommendation recommendations recirc recirculation similar onward trending popular mostread "
    "mostpopular powiazane polecane verwandt breadcrumb breadcrumbs breadcrumbnav navbar navigation pagination pager "
    "sidebar respond coral "
    "share sharing sharebar shares social socials addtoany sharedaddy jp newsletter newsletters signup signin login "
    "cookie cookies cookiebanner consent gdpr onetrust didomi cmp usercentrics quantcast cookiebot "
    "modal popup popin lightbox tooltip toast snackbar overlay offcanvas "
    "byline bylines author authors authorbox bio autor auteur meta metadata postmeta dateline timestamp "
    "tags taglist topics keywords copyright copyrights credit credits caption print printonly toolbar tools "
    "donate donation donations carousel swiper slider slideshow skip skiplink footer subfooter masthead rating ratings"
)
"""Words that mark what is no part of an article, however it is called besides."""
COMMENTS: Final = names(
    "comments comment commentlist commentform kommentare commentaires komentarze disqus discussion replies responses"
)
LINKED: Final = names("teaser teasers promo promos card cards readmore more next prev previous latest headlines mehr")
"""… and those that do where the element holds links."""
BARRIERS: Final = names(
    "paywall paywalled regwall barrier subscribe subscription piano tp premium gate metering locked"
)
FOREIGN_NAME: Final = re.compile(
    r"(?:^|[-_])(?:read|see|watch|view)[-_]?(?:also|more|next|on)(?![a-z])|(?:^|[-_])also[-_]?(?:read|see|on|in)\b|"
    r"more[-_]?(?:from|on|news|stories|articles|like|links|coverage)|(?:lire|voir|a[-_]?lire)[-_]?(?:aussi|plus)|alireaussi|"
    r"most[-_]?(?:read|popular|viewed|shared|commented)|(?:top|latest|other|recent|hot|last)[-_]?(?:stories|news|posts|articles)|"
    r"(?:you|u)[-_]?(?:may|might)|around[-_]the[-_]web|(?:further|suggested)[-_]?reading|(?:link|teaser|promo|news)[-_]?box|"
    r"(?:left|right|side)[-_]?(?:rail|col|column|bar)\b|(?:visually|screen)[-_]?(?:hidden|reader)|sr[-_]only|"
    r"mehr[-_]?zum|weitere[-_]|czytaj|zobacz|chytajte|chitayte|chytaite|chitaite|(?:follow|support|contact|about)[-_]?us\b|"
    r"(?:sign|log)[-_](?:up|in)\b|(?:article|post|story|entry)[-_]?(?:footer|tools|actions|aside|nav|info)\b",
    re.IGNORECASE,
)
NEUTRAL_NAME: Final = re.compile(
    r"(?:^|[-_])(?:has|is|no|not|with|without|tag|category|cat|type|status|format|tone|js|u|l|layout|section)[-_]",
    re.IGNORECASE,
)
"""A name that tells of a state or a topic, not of what the element is (`has-comments`, WordPress' `tag-cookies`)."""
LIVE: Final = re.compile(
    r"live[-_ ]?(?:blog|ticker|feed|update|text|stream|coverage|report|event|entr|post)|live[-_ ]?list|newsticker|"
    r"/live/|/live-|-live\b|en[-_]direct|suivi[-_]en|(?:relacja|na)[-_]zywo|onlayn|онлайн|key[-_]?event",
    re.IGNORECASE,
)

# Sentences

_TEASERS: Final = _any_of(
    r"read (?:also|more|next|on|the full|our|related)", "see also", "also read", "also see", "also on", "more (?:on|about|from|to read)",
    "related(?: (?:articles?|stor(?:y|ies)|news|links?|topics?|content|coverage|reading|posts?))?", "recommended(?: (?:for you|stories|reading|articles))?",
    "you may also (?:like|be interested in)", "you might (?:also )?like", "don['’]t miss", "up next", "most (?:read|popular|viewed)",
    "more stories", "top stories", "latest (?:news|stories|headlines)", "in other news", "watch(?: also| more| now)?", "listen", "further reading", "explore more", "editors?['’]?s? picks?", "trending(?: now)?", "what to read next", "what else",
    "lire (?:aussi|également|la suite|plus)", "à (?:lire|voir|écouter|découvrir)(?: aussi| également)?", "voir aussi", "sur le même sujet", "dans la même rubrique",
    "nos (?:autres )?articles", "articles? (?:liés?|associés?|recommandés?)", "les plus lus", "retrouvez (?:aussi|tous)", "pour aller plus loin", "en vidéo", "notre (?:dossier|sélection)",
    r"чита(?:йте|ти)(?: також| ще| більше| далі| далее| нас)?", "див(?:іться|\\.)? також", "дивіться(?: також| ще)?", "за темою", "по темі", "схожі (?:новини|матеріали|статті)",
    "пов['’ʼ]язані (?:новини|матеріали|статті)", "більше (?:новин|за темою|по темі)", "останні новини", "головні новини", "новини за темою", "популярн[іе]", "рекоменду(?:ємо|ем)(?: прочитати| прочитать)?", "вас (?:також )?може зацікавити", "також за темою", "нагадаємо, раніше ми писали",
    "читайте (?:также|еще|ещё|больше|далее)", "смотрите(?: также| еще| ещё)?", "см\\. также", "по теме", "похожие (?:новости|материалы|статьи)", "последние новости", "главные новости", "новости по теме", "вам (?:также )?может быть интересно", "материалы по теме", "ещё по теме", "еще по теме",
    r"lesen sie (?:auch|mehr|dazu|hier)(?: [\w ]{1,30})?", "lesen sie", "mehr (?:zum thema|dazu|aus|lesen|nachrichten|über)", "zum thema", "auch interessant", "das könnte (?:sie|dich) (?:auch )?interessieren", "weitere (?:artikel|nachrichten|themen|meldungen|informationen)", "siehe auch", "passend dazu", "verwandte (?:artikel|themen)", "meistgelesen", "empfohlen(?:e artikel)?", "hintergrund zum thema", "mehr zu",
    r"czytaj (?:też|także|również|więcej|dalej)", "zobacz (?:też|także|również|więcej)", "przeczytaj (?:też|także|również|więcej)?", "warto przeczytać", "polecamy(?: także| też| również)?", "powiązane (?:artykuły|tematy)", "więcej (?:na ten temat|informacji|o)", "podobne (?:artykuły|wiadomości)", "najczęściej czytane", "najnowsze", "sprawdź (?:też|także|również)", "dowiedz się więcej", "przeczytaj",
    "leggi anche", "lea también", "le puede interesar", "lees ook", "vezi și",
    "read", "also", "more", "lire", "czytaj", "lesen", "раніше", "ранее",
)  # fmt: skip
TEASER_START: Final = re.compile(rf"\W{{0,4}}{_TEASERS}(?!\w)", re.IGNORECASE)
TEASER: Final = re.compile(rf"\W{{0,4}}{_TEASERS}\s{{0,2}}(?:[:：→›»▶▸|–—-]|\.{{3}}|…|$)", re.IGNORECASE)
"""A block that begins so, and says little but a link, points at another article; behind a colon it need not be one."""
TEASER_HEAD: Final = re.compile(rf"\W{{0,4}}{_TEASERS}\W{{0,4}}$", re.IGNORECASE)
"""A heading of nothing but this stands above links."""
# What stands before tags and before nothing else; and what may as well stand before a sentence's list.
_TAGS: Final = _any_of(
    "tags?", "tagged(?: (?:with|as|under))?", "keywords?", "hashtags?", "filed under", "related (?:topics?|tags?)", "(?:posted|published) in",
    "mots?[- ]clés?", "étiquettes?", "classé (?:dans|sous)", "schlag(?:worte|wörter|wort)", "stichw(?:orte|örter|ort)",
    "теги?", "мітки", "ключові слова", "метки", "ключевые слова", "тэги", "tagi", "słowa kluczowe", "otagowane",
    "etiquetas", "palabras clave", "archivado en", "parole chiave", "palavras-chave", "trefwoorden", "štítky", "klíčová slova",
    "kľúčové slová", "etichete", "cuvinte cheie", "етикети", "тагове", "címkék", "taggar", "avainsanat", "märksõnad", "žymos",
    "birkas", "atslēgvārdi", "ετικέτες", "etiketler", "oznake", "ključne riječi",
)  # fmt: skip
_TOPICS: Final = _any_of(
    "topics?", "subjects?", "categor(?:y|ies)", "labels?", "sections?", "in this (?:story|article)", "thèmes?", "sujets?", "rubriques?",
    "catégories?", "dossiers?", "themen?", "kategorien?", "теми", "тема", "рубрик[аи]", "категорі[яї]", "темы", "категори[яи]",
    "tematy", "temat", "kategori[ae]", "temas", "categorías?", "argomenti", "temi", "assuntos", "onderwerpen", "témata", "témy", "emner", "ämnen", "aiheet",
)  # fmt: skip
_LABEL_ENDS: Final = r"\s{0,2}(?:[:：›»▶▸|–—-]|$)"
TAGS: Final = re.compile(rf"\W{{0,4}}{_TAGS}{_LABEL_ENDS}", re.IGNORECASE)
TAGS_LABEL: Final = re.compile(rf"\W{{0,4}}{_TAGS}\W{{0,4}}$", re.IGNORECASE)
TOPICS: Final = re.compile(rf"\W{{0,4}}(?:{_TOPICS}{_LABEL_ENDS}|{_TAGS}(?!\w))", re.IGNORECASE)
"""What begins so and is links besides is a line of tags."""
HASHTAGS: Final = re.compile(r"#\w+(?:[\s,;|/·•]+#\w+)*", re.IGNORECASE)
COMMENTS_HEAD: Final = re.compile(
    r"\W{0,4}(?:\d{1,6}\s)?"
    + _any_of(
        "comments?",
        "leave a (?:comment|reply)",
        "join the (?:conversation|discussion)",
        "reader comments",
        "replies",
        "responses?",
        "commentaires?",
        "réagissez",
        "laisser un commentaire",
        "vos réactions",
        "коментарі",
        "коментарів",
        "залишити коментар",
        "обговорення",
        "комментарии",
        "комментариев",
        "обсуждение",
        "оставить комментарий",
        "kommentare?",
        "diskussion",
        "leserkommentare",
        "komentarze",
        "komentarzy",
        "dodaj komentarz",
        "komentarz",
    )
    + r"\s{0,2}\(?\d{0,6}\)?\W{0,4}$",
    re.IGNORECASE,
)


class Barrier(IntEnum):
    """What a notice to those who do not pay says, the plainer the greater."""

    NONE = 0
    OFFER = 1  # that one can pay, or log in; free pages have it as well
    BREAK = 2  # that the text goes on for those who do


_BREAKS: Final = re.compile(
    _any_of(
        "(?:subscribe|sign up|sign in|log in|register|create an? (?:free )?account) (?:now |here |today )?to (?:continue|read|keep|unlock|access|get (?:full|unlimited))",
        "(?:for|to) (?:subscribers|members)(?: only)?\\b",
        "exclusive (?:to|for) (?:our )?subscribers",
        "to (?:continue|keep) reading",
        "continue reading (?:with|this article)",
        "(?:this|the) (?:article|story|content) is (?:only )?(?:available|reserved|exclusive|for)[\\w ]{0,20} (?:subscribers|members)",
        "unlock (?:this|the) (?:article|story)",
        "you have (?:read|reached) (?:your|all)",
        "réservée?s? (?:aux|à nos) abonné",
        "il vous reste [\\d.,]+ ?% de cet article",
        "la suite est réservée",
        "(?:abonnez-vous|inscrivez-vous|connectez-vous) pour (?:lire|continuer|accéder|poursuivre)",
        "pour lire la suite",
        "article (?:réservé|abonné)",
        "(?:nur )?für (?:abonnenten|digitalabonnenten|plus-mitglieder|mitglieder)",
        "weiterlesen mit",
        "(?:um|zum) (?:den (?:ganzen |vollständigen )?artikel (?:zu )?(?:lesen|weiterlesen)|weiterlesen)",
        "diese(?:r|n) (?:artikel|inhalt) (?:ist|lesen sie)[\\w ]{0,30}(?:abonnenten|plus|abo)",
        "exklusiv für abonnenten",
        "(?:лише|тільки|доступн\\w{1,5}) (?:для )?(?:передплатник|підписник)",
        "(?:передплатіть|підпишіться|увійдіть|зареєструйтеся),? щоб (?:читати|продовжити|дочитати)",
        "(?:только|доступ\\w{1,5}) (?:для )?подписчик",
        "(?:подпишитесь|войдите|зарегистрируйтесь),? чтобы (?:читать|продолжить|дочитать)",
        "(?:tylko|wyłącznie) dla (?:prenumeratorów|subskrybentów|abonentów)",
        "dalsza część (?:artykułu|tekstu)",
        "aby (?:czytać dalej|przeczytać (?:cały|dalszą))",
        "(?:zaloguj się|zarejestruj się),? (?:aby|by|żeby) (?:czytać|przeczytać)",
        "diesen (?:artikel|text|beitrag) (?:weiterlesen|lesen)",
        "щоб (?:читати|продовжити|дочитати)",
        "чтобы (?:читать|продолжить|дочитать)",
        "pozostało (?:jeszcze )?[\\d.,]+ ?% (?:artykułu|tekstu)",
    ),
    re.IGNORECASE,
)
_OFFERS: Final = re.compile(
    _any_of(
        "(?:subscriber|member|premium)[- ](?:only|exclusive)",
        "already (?:a )?(?:subscriber|subscribed|a member|have an account)",
        "remaining free articles?",
        "subscribe (?:now )?(?:for|from) (?:only|just|as little|[$£€])",
        "déjà abonnée?",
        "(?:jetzt|hier) (?:abonnieren|weiterlesen|testen|freischalten)",
        "bereits (?:abonnent|registriert|abonniert)",
        "schon abonnent",
        "sie haben bereits ein abo",
        "оформіть (?:передплату|підписку)",
        "вже (?:маєте передплату|передплатник)",
        "оформите подписку",
        "уже (?:есть подписка|подписчик)",
        "(?:wykup|kup|aktywuj) (?:dostęp|prenumeratę|subskrypcję)",
        "masz już (?:prenumeratę|konto|subskrypcję)",
    ),
    re.IGNORECASE,
)
_BARRIER_STEMS: Final = (
    "subscri", "sign ", "log in", "regist", "account", "member", "premium", "reading", "unlock", "you have", "free article",
    "abonn", "de cet article", "réserv", "inscri", "connect", "pour lire", "mitglied", "weiterles", "testen", "freischalt",
    "передплат", "підпис", "увійд", "зареєстр", "подпис", "войд", "зарегистр", "prenumer", "subskry", "dalsza", "wykup",
    "kup ", "aktywuj", "zaloguj", "zarejestr", "konto", "pozostało", "czytać dalej", "przeczytać",
)  # fmt: skip


def barrier(text: str) -> Barrier:
    """What a notice says to those who do not pay."""
    folded = text.lower()
    # The patterns cost a hundred times as much as all these.
    if not any(stem in folded for stem in _BARRIER_STEMS):
        return Barrier.NONE
    if _BREAKS.search(folded):
        return Barrier.BREAK
    return Barrier.OFFER if _OFFERS.search(folded) else Barrier.NONE


CONSENT: Final = re.compile(
    r"\bcookies?\b|\bconsent|personal data|datenschutz|einwillig|données personnelles|ciasteczk|\bplików? cookie|"
    r"файл\w{1,3} cookie|persoonsgegevens|your (?:privacy|choices)|data protection|our partners|nos partenaires",
    re.IGNORECASE,
)

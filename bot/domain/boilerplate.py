"""What an outlet says of itself around its stories: invitations, credits, bylines, datelines; in six languages.

Whether to show it is decided elsewhere; nothing here looks at more than one paragraph.
"""

import re
from typing import Final


def _any_of(*phrases: str) -> str:
    return "(?:" + "|".join(phrases) + ")"


_OWN_VOICE: Final = re.compile(
    r"\W{0,4}"
    + _any_of(
        "(?:share|tweet|print|save|email)(?: (?:this|on|via|by|with)\\b[\\w ,]{0,40})?$",
        "follow (?:us|@\\w|our|the (?:latest|live|author))\\b.{0,80}$",
        "(?:sign up|subscribe|register) (?:here|now|and)\\b.{0,200}$",
        "(?:sign up|subscribe|register) (?:to|for)\\b.{0,60}(?:\\b(?:us|our|newsletters?|channels?|alerts?|updates?|"
        "briefing|podcasts?|account|access|free|e?mails?|feed|here)\\b|https?://).{0,200}$",
        "(?:sign up|subscribe) (?:to|for) [\\w’' ]{1,40}\\W*$",
        "(?:get|receive) (?:the|our|daily|breaking|more)\\b.{0,160}(?:inbox|newsletter|email|alerts?|app)\\b.{0,40}$",
        "(?:download|install) (?:the|our)\\b.{0,60}\\bapp\\b.{0,60}$",
        "advertisement\\W*$",
        "story continues (?:below|after)",
        "(?:click|tap) here\\b.{0,120}$",
        "(?:©|\\(c\\))\\s.{0,160}$",
        "copyright (?:©|\\(c\\)|(?:19|20)\\d\\d\\b|by\\b|notice\\b|.{0,80}\\ball rights reserved).{0,160}$",
        "copyright (?:[\\w.’'-]{1,24}|(?-i:[A-Z])[\\w.’'-]{1,24} (?-i:[A-Z])[\\w.’'-]{1,24})\\W{0,3}$",
        "all rights reserved",
        "(?:photo|image|picture|video|illustration|graphic)(?: (?:credit|by|courtesy))?\\s?(?::|by|courtesy).{0,120}$",
        "(?:reporting|editing|writing|additional reporting|compiled) by\\b.{0,200}$",
        "the post .{1,300} (?:appeared first on|first appeared)",
        "this (?:article|story|post) (?:was |has been |is )?(?:originally |first )?(?:appeared|published|posted)\\b.{0,100}$",
        "(?:correction\\W{1,3}.{0,60})?(?:an earlier|the original|a previous) version of this (?:article|story|report|headline)\\b",
        "(?:follow|watch|see|read|track|find|get)\\b[^.]{0,80}\\b(?:latest|live|updates?|developments|coverage|full|more)\\b[^.]{0,60}"
        "\\b(?:here|live ?blog|live page)\\W{0,3}$",
        "skip to (?:main )?content",
        "(?:listen|watch) (?:to )?(?:this|the) (?:article|video)",
        "(?:partager|imprimer|envoyer)(?: .{0,40})?$",
        "suivez-nous\\b.{0,100}$",
        "(?:inscrivez|abonnez)-vous (?:à|gratuitement|ici)\\b.{0,160}$",
        "publicité\\W*$",
        "cliquez ici\\b.{0,100}$",
        "crédits? photo.{0,100}$",
        "tous droits réservés",
        "recevez\\b.{0,120}(?:newsletter|boîte mail|infolettre)\\b.{0,60}$",
        "téléchargez (?:notre|l['’])\\s?appli.{0,60}$",
        "поділитися\\b.{0,60}$",
        "(?:підписуйтесь|підписуйтеся|підпишіться|приєднуйтесь|слідкуйте)\\b.{0,200}$",
        "реклама\\W*$",
        "(?:фото|відео|видео|ілюстрація|иллюстрация)(?: [^.]{0,10})?\\s?[:/].{0,120}$",
        "усі права захищені",
        "(?:хочете|хочешь|хотите) (?:отримувати|быть|першими).{0,160}$",
        "(?:наш|наші|наши) (?:telegram|телеграм)\\S*.{0,100}$",
        "повідомити про помилку.{0,160}$",
        "якщо ви (?:знайшли|помітили) (?:помилку|орфографічну).{0,200}$",
        "виділіть .{0,80}ctrl.{0,20}enter",
        "поделиться\\b.{0,60}$",
        "(?:подписывайтесь|подпишитесь|присоединяйтесь|следите за)\\b.{0,200}$",
        "все права защищены",
        "если вы (?:нашли|заметили) (?:ошибку|опечатку).{0,200}$",
        "выделите .{0,80}ctrl.{0,20}enter",
        "(?:artikel )?(?:teilen|drucken|merken|kommentieren)(?: (?:auf|per|mit|sie).{0,40})?$",
        "folgen sie uns\\b.{0,100}$",
        "(?:dieser|der) (?:artikel|beitrag|text) enthält\\b.{0,40}\\b(?:affiliate|werbe|partner)-?links.{0,60}$",
        "(?:abonnieren|melden) sie\\b.{0,160}(?:newsletter|kanal|an|app)\\b.{0,60}$",
        "anzeige\\W*$",
        "(?:foto|bild|quelle|video)s?\\s?:.{0,120}$",
        "alle rechte vorbehalten",
        "hier klicken\\b.{0,80}$",
        "zur startseite\\W*$",
        "udostępnij\\b.{0,60}$",
        "(?:obserwuj|śledź|polub) nas\\b.{0,100}$",
        "(?:zapisz się|subskrybuj|dołącz)\\b.{0,160}$",
        "(?:reklama|materiał sponsorowany)\\W*$",
        "(?:fot|źródło|foto|zdjęcie|wideo)\\.?\\s?[:/].{0,120}$",
        "wszelkie prawa zastrzeżone",
        "dalsza część artykułu pod (?:wideo|materiałem|reklamą)",
    ),
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(
    r"\W{0,4}"
    + _any_of(
        "(?:read|see|watch|learn|find out|click)(?: here)? (?:more|also|next|the full \\w+|our \\w+)(?:\\W{0,4}$|\\s?:.{0,160}$| (?:about|on|at|from|here|in our|of our|stories|news|coverage)\\b(?:[^.]|\\.(?=\\w)){0,80}[.:…→»]?$)",
        "(?:read|see|watch|listen)\\s?:.{0,200}$",
        "(?:continue|keep) reading\\b.{0,40}$",
        "(?:related|more (?:on|about|from|coverage|stories|news)|also read|read also|up next|recommended)\\b[^.]{0,30}:.{0,200}$",
        "(?:this (?:article|story|page|live blog) (?:is|has|will)|we(?:'|’)re closing|we are closing|thanks? for (?:reading|following|joining))\\b.{0,160}$",
        "(?:submitted by.{0,40}$|\\d{1,6} points?, \\d{1,6} comments|welcome (?:back )?to .{1,60} (?:newsletter|briefing|podcast)|article url|comments url|# comments)\\b.{0,200}$",
        "points\\s?:.{0,200}$",
        "(?:comments?|leave a comment|view comments|no comments)\\W{0,4}$",
        "(?:all (?:the )?(?:latest|updates)|live updates|latest updates)\\b[^.]{0,60}$",
        "(?:do you have|have you got|got) (?:a|any) (?:story|tip|question|news)\\b.{0,200}$",
        "(?:image|photo|getty|reuters|ap|afp|epa|shutterstock)(?: (?:source|caption|images|photo))\\b.{0,100}$",
        "(?:lire|voir|écouter|regarder|retrouvez|découvrez)(?: (?:aussi|la suite|l['’]article|plus|notre|nos|ici))\\b.{0,160}$",
        "(?:cet article est|article publié|à lire)\\b.{0,160}$",
        "(?:lesen sie|mehr dazu|mehr zum|weiterlesen|zum artikel|hier geht es|hier lesen)\\b.{0,160}$",
        "(?:читайте|дивіться|слухайте|більше новин|детальніше|докладніше)\\b.{0,160}$",
        "(?:читайте|смотрите|слушайте|подробнее)\\b.{0,160}$",
        "(?:деталі|подробиці|подробности)(?:\\W{0,4}$|\\s?[:–—-].{0,160}$| (?:читайте|дивіться|слухайте|смотрите|тут|здесь|згодом|позже|за "
        "посиланням|по ссылке|на (?:нашому |нашем )?сайт\\w|[ув] (?:нашому |нашем )?(?:матеріал|материал|текст|відео|видео|сюжет|статт|стать)\\w{0,3})\\b.{0,120}$)",
        "(?:czytaj|zobacz|przeczytaj|posłuchaj|więcej|dowiedz się)(?: (?:też|także|również|więcej|dalej|na|tutaj|o))?\\b[^.]{0,160}$",
        "\\[?(?:link|comments|read more|continue reading)\\]?(?: \\[?(?:link|comments)\\]?)?\\W{0,6}$",
    ),
    re.IGNORECASE,
)
_ATTRIBUTION: Final = re.compile(
    r"\W{0,4}"
    + _any_of(
        "(?:this|it) (?:is|was) (?:reported|announced) by\\b.{0,120}$",
        "(?-i:[A-Z])[\\w.’'-]{1,24}(?: (?-i:[A-Z])[\\w.’'-]{1,24}){0,3} (?-i:reports)\\W{0,3}$",
        "c['’]est ce qu['’](?:a|ont|indique|rapporte)\\b.{0,160}$",
        "(?:das|dies) (?:berichtet|meldet|teilte|berichten)\\b.{0,160}$",
        "darüber berichtet\\b.{0,160}$",
        "про це (?:повідомля|пише|пишуть|йдеться|сказано|заяв|розпов|інформу|зазнача|повідоми|написа|стало відомо)\\w{0,6}\\b.{0,220}$",
        "(?:об этом|про это) (?:сообщ|пиш|говор|заяв|рассказ|написа|стало известно)\\w{0,6}\\b.{0,220}$",
        "(?:про це|об этом|про это) (?:він|вона|вони|он|она|они) (?:сказа|заяв|розпов|рассказ|повідом|сообщ|напис|говор)\\w{0,6}\\b.{0,160}$",
        "(?:informuje o tym|o tym informuje|podaje|o sprawie (?:poinformował|informuje))\\b.{0,100}$",
    ),
    re.IGNORECASE,
)
_NAME: Final = r"(?:(?:de|van|von|der|den|la|le|di|al|el) )?[A-ZÀ-ÞА-ЯІЇЄҐĄĆĘŁŃÓŚŹŻ][\w.'’-]{0,24}"
_BYLINE: Final = re.compile(
    rf"(?:[Bb]y|BY|[Pp]ar|PAR|V[Oo][Nn]|[Aa]utor(?:zy|ka)?:|АВТОР:|[Аа]втор(?:и|ы)?:|[Tt]ext:|[Tt]ekst:|[Ww]ritten by)\s+"
    rf"(?!der )[A-ZÀ-ÞА-ЯІЇЄҐĄĆĘŁŃÓŚŹŻ][\w.'’-]{{0,24}}(?:(?:,? and|,| et| und| та| i| и|\s&)?\s{_NAME}){{0,8}}(?:,? (?:in|à|at|w|у|в)\s{_NAME}){{0,2}}(?:\s\([^()]{{1,80}}\))?\W{{0,3}}$"
)
_CREDIT: Final = re.compile(
    r"[(\[](?:photo|image|foto|fot\.|фото|bild|crédit|credit|quelle|źródło|picture|video)\b[^)\]]{0,120}[)\]]?\W{0,3}$",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(r"[(\[][^().]{1,80}[)\]]\W{0,3}$")
_ADDRESS: Final = re.compile(r"\W{0,3}(?:https?://|www\.)\S{1,300}\W{0,3}$", re.IGNORECASE)
_SOURCE: Final = re.compile(
    r"(?:Фото|Ілюстрація|Иллюстрация|Скриншот|Photo|Image|Foto|Bild|Fot\.)\s"
    r"(?:[A-ZÀ-ÞА-ЯІЇЄҐ][\w./'’-]{0,24}[\s,/]{0,3}){1,5}$"
)
_DAY: Final = re.compile(
    r"\d{1,2}\.?\s(?:jan|feb|fév|mar|mär|apr|avr|may|mai|maj|jun|juin|jul|juil|aug|aoû|sep|o[ck]t|nov|de[cz]|déc|sty|lut|kwi|cze|"
    r"lip|sie|wrz|paź|lis|gru|січ|лют|бер|кві|тра|чер|лип|сер|вер|жов|лис|гру|янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек)"
    r"\w{0,7}\W{0,3}$",
    re.IGNORECASE,
)
_STAMP: Final = re.compile(
    r"\W{0,3}(?:(?:published|updated|posted|publié|mis à jour|veröffentlicht|stand|опубліковано|оновлено|обновлено|opublikowano)\W{0,3})?"
    r"(?:[^\W\d_]{2,12}\.?,?\s)?(?:(?:[^\W\d_]{3,12}\.?\s\d{1,2}|\d{1,2}\.?\s[^\W\d_]{3,12}\.?),?\s\d{4}|"
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|(?=\d{1,2}[:.]\d\d))"
    r"(?:[\s,|]{0,3}(?:at|à|um|о|в|o)?\s?\d{1,2}[:.h]\d{2}(?::\d\d)?\s?(?:[ap]\.?m\.?|uhr|[a-z]{2,4})?)?\W{0,3}$",
    re.IGNORECASE,
)
_AGENCY: Final = (
    r"\(\s?(?:[A-ZÀ-Þ][\w./&' -]{1,30}|dpa[\w/-]{0,20}|afp|ots|epd|kna|sid|УНН|Укр[іи]нформ|[А-ЯІЇЄҐ][\w -]{1,24})\s?\)"
)
_PLACE: Final = r"[A-ZÀ-ÞА-ЯІЇЄҐĄĆĘŁŃÓŚŹŻ][\w.'’ /-]{1,40}"
_DATELINE: Final = re.compile(
    "|".join(
        (
            rf"{_PLACE}(?:,\s[^()—–.]{{2,40}}\.?(?:,? ?\d{{4}})?)?\s?{_AGENCY}\s?[-–—:.]{{1,2}}\s+",
            r"[A-ZÀ-ÞА-ЯІЇЄҐ][A-ZÀ-ÞА-ЯІЇЄҐ .,'’/-]{4,40}(?:,\s[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?)?\s?(?:\([^)]{2,30}\)\s?)?(?:—|–|--)\s+",
            r"[А-ЯІЇЄҐ][\w'’ -]{2,24}[.,]\s\d{1,2}\s\w{3,10}[.,]?\s(?:\d{4}\.?\s)?(?:[А-ЯІЇЄҐA-Z][\w'’.-]{2,24}|\([^)]{2,24}\))\s?[-–—.:]{1,2}\s+",
            r"[A-ZÀ-Þ][A-ZÀ-Þ ]{5,24}\s[-–]\s(?=[\"'“‘]?[A-ZÀ-Þ])",
            r"[A-ZÀ-ÞА-ЯІЇЄҐ][A-ZÀ-ÞА-ЯІЇЄҐ .'’/-]{3,24}:\s(?=[\"'“‘«]?[A-ZÀ-ÞА-ЯІЇЄҐ])",
            rf"{_AGENCY}\s?[-–—:]{{1,2}}\s+",
        )
    )
)
_SHORT: Final = 320  # characters beyond which a paragraph is a story's own, whatever it begins with


def is_boilerplate(text: str) -> bool:
    """Whether a sentence or a paragraph is an outlet's own voice, and no part of its story."""
    if len(text) > _SHORT:
        return False
    return any(
        pattern.match(text)
        for pattern in (_OWN_VOICE, _ASIDE, _ATTRIBUTION, _BYLINE, _CREDIT, _LABEL, _ADDRESS, _SOURCE, _DAY, _STAMP)
    )


def is_attribution(text: str) -> bool:
    """Whether a sentence or a paragraph says by whom a story is known: boilerplate, but to who watches that name."""
    return len(text) <= _SHORT and _ATTRIBUTION.match(text) is not None


def dateline(text: str) -> int:
    """How many characters of a story's beginning say only where and by whom it was filed ("KYIV, Nov 24 (X) - ")."""
    found = _DATELINE.match(text[:120])
    return found.end() if found else 0

"""Pages as outlets make them, in our own words: one article each, and all that stands around it.

Every part that is not the article holds a word of `FOREIGN` that no article holds, so that a test can say of any text
which part it was taken from.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

FOREIGN = {
    "navigation": "navolexa",
    "teaser": "teasoria",
    "comment": "kommentix",
    "consent": "kukizela",
    "author": "autorelka",
    "newsletter": "briefonia",
    "share": "teilomat",
    "credit": "fotokredo",
    "footer": "impresso",
    "paywall": "zahlwanda",
}


@dataclass(frozen=True)
class Story:
    """An article and how its outlet's language speaks around it."""

    language: str
    title: str
    paragraphs: tuple[str, ...]
    also: str
    more: str
    comments: str
    cookies: str
    subscribe: str
    barrier: str
    author: str
    foreign: dict[str, str] = field(default_factory=lambda: dict(FOREIGN))


ENGLISH = Story(
    "en",
    "Allies weigh a school for instructors near the border",
    (
        "A dozen allies are weighing whether to open a school for military instructors near the border, three officials said on Monday.",
        "The plan, which has been on the table since spring, would bring courses closer to the brigades that ask for them.",
        "“Nobody wants to put recruits on a train for two days,” said Lt. Gen. Ida Vermeer, who leads the planning cell.",
        "Two capitals object. They fear that a barracks so close to the front would be a target from its first day.",
        "A decision is not expected before ministers meet in the second week of December.",
        "By then the mandate of EUMAM will be up for review.",
    ),
    "Read also:",
    "Related articles",
    "Comments",
    "We and our partners use cookies to store your personal data. Accept all or reject.",
    "Sign up for our newsletter and get the best of the day in your inbox",
    "Subscribe to continue reading this article",
    "covers defence and has reported from nine countries.",
)
FRENCH = Story(
    "fr",
    "Une école d'instructeurs à l'étude près de la frontière",
    (
        "Une douzaine d'alliés étudient l'ouverture d'une école d'instructeurs militaires près de la frontière, selon trois responsables.",
        "Le projet, sur la table depuis le printemps, rapprocherait les cours des brigades qui les réclament.",
        "« Personne ne veut mettre des recrues deux jours dans un train », explique M. Delcourt, qui dirige la cellule.",
        "Deux capitales s'y opposent, par crainte d'offrir une cible dès le premier jour.",
        "Aucune décision n'est attendue avant la réunion des ministres, à la mi-décembre.",
        "À cette date, le mandat d'EUMAM devra être réexaminé.",
    ),
    "À lire aussi :",
    "Sur le même sujet",
    "Commentaires",
    "Avec nos partenaires, nous utilisons des cookies et vos données personnelles. Accepter ou refuser.",
    "Inscrivez-vous à notre newsletter pour ne rien manquer de l'actualité",
    "Il vous reste 73 % de cet article à lire. La suite est réservée aux abonnés.",
    "suit les questions de défense depuis Bruxelles.",
)
UKRAINIAN = Story(
    "uk",
    "Союзники думають про школу інструкторів біля кордону",
    (
        "Дванадцять союзників обговорюють школу для військових інструкторів біля кордону, розповіли троє посадовців.",
        "План лежить на столі з весни: курси мають бути ближче до бригад, які їх просять.",
        "«Ніхто не хоче везти новобранців дві доби потягом», — сказала ген. Іда Вермер, яка керує плануванням.",
        "Дві столиці проти: вони бояться, що казарма так близько до фронту стане мішенню з першого дня.",
        "Рішення не чекають раніше, ніж міністри зберуться у другому тижні грудня.",
        "Тоді ж переглядатимуть мандат EUMAM.",
    ),
    "Читайте також:",
    "Новини за темою",
    "Коментарі",
    "Ми та наші партнери використовуємо файли cookie. Прийняти або відхилити.",
    "Підписуйтесь на наш канал, щоб першими дізнаватися новини",
    "Оформіть передплату, щоб читати далі",
    "пише про оборону з дев'яти країн.",
)
GERMAN = Story(
    "de",
    "Verbündete erwägen Schule für Ausbilder nahe der Grenze",
    (
        "Ein Dutzend Verbündete erwägt eine Schule für militärische Ausbilder nahe der Grenze, wie drei Beamte am Montag sagten.",
        "Der Plan, der seit dem Frühjahr vorliegt, brächte die Kurse näher zu den Brigaden, die sie anfordern.",
        "„Niemand will Rekruten zwei Tage lang in einen Zug setzen“, sagte Gen. Ida Vermeer, die die Planung leitet.",
        "Zwei Hauptstädte sind dagegen, z. B. weil eine Kaserne so nahe der Front vom ersten Tag an ein Ziel wäre.",
        "Eine Entscheidung wird nicht vor dem 12. Dezember erwartet.",
        "Dann steht auch das Mandat von EUMAM zur Überprüfung an.",
    ),
    "Lesen Sie auch:",
    "Mehr zum Thema",
    "Kommentare",
    "Wir und unsere Partner nutzen Cookies für den Datenschutz. Alle akzeptieren oder ablehnen.",
    "Abonnieren Sie unseren Newsletter und verpassen Sie nichts",
    "Jetzt abonnieren und diesen Artikel weiterlesen",
    "berichtet über Verteidigung aus neun Ländern.",
)
POLISH = Story(
    "pl",
    "Sojusznicy rozważają szkołę instruktorów przy granicy",
    (
        "Kilkunastu sojuszników rozważa szkołę dla instruktorów wojskowych przy granicy, powiedziało w poniedziałek trzech urzędników.",
        "Plan, który leży na stole od wiosny, przybliżyłby kursy do brygad, które o nie proszą.",
        "„Nikt nie chce wsadzać rekrutów na dwa dni do pociągu”, powiedziała gen. Ida Vermeer, która kieruje planowaniem.",
        "Dwie stolice są przeciw, bo koszary tak blisko frontu byłyby celem od pierwszego dnia.",
        "Decyzji nie należy się spodziewać przed drugim tygodniem grudnia.",
        "Wtedy przypada też przegląd mandatu EUMAM.",
    ),
    "Czytaj też:",
    "Powiązane artykuły",
    "Komentarze",
    "My i nasi partnerzy używamy plików cookie. Akceptuj albo odrzuć.",
    "Zapisz się na nasz newsletter i bądź na bieżąco",
    "Wykup dostęp, aby czytać dalej",
    "pisze o obronności z dziewięciu krajów.",
)
RUSSIAN = Story(
    "ru",
    "Союзники обсуждают школу инструкторов у границы",
    (
        "Дюжина союзников обсуждает школу для военных инструкторов у границы, рассказали в понедельник трое чиновников.",
        "План лежит на столе с весны: курсы должны стать ближе к бригадам, которые о них просят.",
        "«Никто не хочет везти новобранцев двое суток поездом», — сказала ген. Ида Вермер, которая руководит планированием.",
        "Две столицы против: они боятся, что казарма так близко к фронту станет целью с первого дня.",
        "Решения не ждут раньше, чем министры соберутся на второй неделе декабря.",
        "Тогда же пересмотрят мандат EUMAM.",
    ),
    "Читайте также:",
    "Материалы по теме",
    "Комментарии",
    "Мы и наши партнёры используем файлы cookie и персональные данные. Принять или отклонить.",
    "Подписывайтесь на наш канал, чтобы узнавать новости первыми",
    "Оформите подписку, чтобы читать дальше",
    "пишет об обороне из девяти стран.",
)
STORIES = (ENGLISH, FRENCH, UKRAINIAN, GERMAN, POLISH, RUSSIAN)

Template = Callable[[Story], str]


def link(story: Story, part: str, number: int = 1) -> str:
    """A link to somewhere else, with the part's word in it."""
    word = story.foreign[part]
    return f'<a href="/elsewhere/{part}-{number}.html">EUMAM {word} number {number} opens a second office</a>'


def page(story: Story, body: str, *, head: str = "", lang: str | None = None) -> str:
    """A document."""
    return (
        f'<!doctype html><html lang="{lang or story.language}"><head><meta charset="utf-8">'
        f"<title>{escape(story.title)} | Outlet</title>{head}<style>.x{{}}</style></head><body>{body}</body></html>"
    )


def paragraphs(story: Story, *, tag: str = "p") -> list[str]:
    """The article's paragraphs as elements."""
    return [f"<{tag}>{escape(text)}</{tag}>" for text in story.paragraphs]


def ld(kind: str = "NewsArticle", **more: object) -> str:
    """A script of JSON-LD."""
    data = {"@context": "https://schema.org", "@type": kind, "headline": "x", **more}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def semantic(story: Story) -> str:
    """HTML5 as it is meant: nav, article, aside, footer; a teaser between two paragraphs."""
    first, second, *rest = paragraphs(story)
    f = story.foreign
    return page(
        story,
        f"""<header><a href="/">Outlet {f["navigation"]}</a></header>
        <nav><ul>{"".join(f"<li>{link(story, 'navigation', n)}</li>" for n in range(20))}</ul></nav>
        <main><article><h1>{escape(story.title)}</h1>
        <div class="byline">By <a href="/a">A. {f["author"]}</a> 24.11.2026 10:00</div>
        <figure><img src="x.jpg"><figcaption>Photo: EUMAM {f["credit"]}/Agency</figcaption></figure>
        {first}{second}<p><strong>{story.also} {link(story, "teaser")}</strong></p>{"".join(rest)}
        <div class="share-buttons"><p>Share {f["share"]}</p></div>
        <section class="author-bio"><p>{f["author"]} {story.author}</p></section>
        </article><aside><h2>{story.more}</h2><ul>{"".join(f"<li>{link(story, 'teaser', n)}</li>" for n in range(9))}
        </ul></aside></main>
        <section id="comments"><h2>{story.comments} (2)</h2><p>EUMAM {f["comment"]} is what I have always said it would be, and nobody listened to me.</p>
        <p>EUMAM {f["comment"]} again, with a long sentence in which somebody says what they think of it all.</p></section>
        <footer><p>© 2026 Outlet {f["footer"]}. EUMAM is a trademark of nobody.</p></footer>
        <div class="cookie-banner"><p>{story.cookies} {f["consent"]}</p></div>""",
        head=ld(isAccessibleForFree=True),
    )


def wordpress(story: Story) -> str:
    """A theme's usual classes, with the plug-ins that everybody has."""
    f = story.foreign
    return page(
        story,
        f"""<div id="page" class="site hfeed has-sidebar"><div id="masthead">{link(story, "navigation")}</div>
        <div id="content" class="site-content"><div id="primary" class="content-area">
        <article id="post-7" class="post type-post category-share tag-cookies tag-comments hentry">
        <h1 class="entry-title">{escape(story.title)}</h1><div class="entry-meta">{f["author"]}, today</div>
        <div class="entry-content">{"".join(paragraphs(story))}
        <div class="sharedaddy sd-sharing-enabled"><h3>Share this {f["share"]}:</h3><ul><li><a href="#">X</a></li></ul></div>
        <div id="jp-relatedposts" class="jp-relatedposts"><h3>{story.more}</h3><p>{link(story, "teaser")} and EUMAM text of it {f["teaser"]}.</p></div>
        <p>The post {link(story, "teaser", 2)} appeared first on <a href="/">Outlet {f["footer"]}</a>.</p>
        </div></article>
        <div class="newsletter-signup"><p>{story.subscribe} {f["newsletter"]} EUMAM.</p></div>
        <div id="comments" class="comments-area"><h2>{story.comments}</h2><ol class="comment-list"><li><div class="comment-body"><p>EUMAM {f["comment"]}: a comment that is long enough to be taken for a paragraph of the text itself.</p></div></li></ol></div>
        </div><div id="secondary" class="widget-area sidebar"><p>EUMAM {f["teaser"]} in the side bar, a long sentence about what else there is.</p></div></div>
        <div id="colophon" class="site-footer">EUMAM {f["footer"]}</div></div>""",
    )


def soup(story: Story) -> str:
    """No element that says anything, no class that helps; teasers told by their words only."""
    first, second, third, *rest = (text.replace("<p>", "<p><span>") for text in paragraphs(story))
    f = story.foreign
    return page(
        story,
        f"""<div><div><a href="/">Outlet</a> {" | ".join(link(story, "navigation", n) for n in range(12))}</div>
        <div><div><h1>{escape(story.title)}</h1><div>24.11.2026</div>
        <div>{first}{second}<p>{story.also} {link(story, "teaser")}</p>{third}
        <p><a href="/elsewhere/7">EUMAM {f["teaser"]}: three things to know</a></p>{"".join(rest)}</div>
        <div><p>{story.subscribe} {f["newsletter"]}</p></div>
        <div><h3>{story.more}</h3><div><div>{link(story, "teaser", 3)}</div><div>{link(story, "teaser", 4)}</div></div></div>
        </div></div><div>Impressum EUMAM {f["footer"]} {link(story, "footer")}</div></div>""",
    )


def breaks(story: Story) -> str:
    """A text in one element, its paragraphs parted by line breaks, in a layout of tables."""
    f = story.foreign
    return page(
        story,
        f"""<table><tr><td colspan=2>{" ".join(link(story, "navigation", n) for n in range(9))}</td></tr>
        <tr><td width=150>{"<br>".join(link(story, "teaser", n) for n in range(9))}</td>
        <td><h1>{escape(story.title)}</h1><div class="text">{"<br><br>".join(map(escape, story.paragraphs))}</div></td></tr>
        <tr><td colspan=2>© EUMAM {f["footer"]}</td></tr></table>""",
    )


def split_by_ads(story: Story) -> str:
    """The text in pieces, one element each, with advertisements and a box of teasers in between."""
    pieces = paragraphs(story)
    f = story.foreign
    return page(
        story,
        f"""<div class="layout"><div class="top">{link(story, "navigation")}</div><article class="article">
        <h1>{escape(story.title)}</h1><div class="article-body">{"".join(pieces[:2])}</div>
        <div class="ad-slot"><p>EUMAM {f["teaser"]}: buy this now, it has never been as cheap as it is today.</p></div>
        <div class="article-body">{"".join(pieces[2:4])}</div>
        <div class="article-related"><div class="card"><h3>{link(story, "teaser")}</h3><p>EUMAM {f["teaser"]} in short.</p></div></div>
        <div class="article-body">{"".join(pieces[4:])}</div></article>
        <section><article><a href="/x"><h2>EUMAM {f["teaser"]} five</h2></a><p>A sentence of {f["teaser"]} that says what it is about.</p></article>
        <article><h2>{link(story, "teaser", 6)}</h2><p>Another sentence of {f["teaser"]} that says what it is about.</p></article></section></div>""",
    )


def amp(story: Story) -> str:
    """The mobile edition of a search engine's making."""
    f = story.foreign
    return page(
        story,
        f"""<amp-sidebar id="s"><ul><li>{link(story, "navigation")}</li></ul></amp-sidebar>
        <amp-consent id="c"><div><p>{story.cookies} {f["consent"]}</p></div></amp-consent>
        <article class="amp-wp-article"><header class="amp-wp-article-header"><h1>{escape(story.title)}</h1></header>
        <div class="amp-wp-article-content">{"".join(paragraphs(story))}<amp-ad width=3><p>{f["teaser"]}</p></amp-ad></div>
        <footer>{link(story, "teaser")}</footer></article>""",
        head='<script async src="https://cdn.ampproject.org/v0.js"></script>',
    ).replace("<html ", "<html amp ")


def data_only(story: Story) -> str:
    """A page that a script fills: its text is only in what it declares."""
    return page(
        story,
        '<div id="root"></div>',
        head=ld(articleBody="\n\n".join(story.paragraphs), isAccessibleForFree=True),
    )


def live_blog(story: Story) -> str:
    """Entries, newest first, each with its time; teasers below."""
    entries = "".join(
        f'<article class="entry" id="e{n}"><time>1{n}:05</time><h3><a href="#e{n}">Entry {n}</a></h3><p>{escape(text)}</p></article>'
        for n, text in enumerate(story.paragraphs)
    )
    return page(
        story,
        f"""<nav>{link(story, "navigation")}</nav><main><h1>{escape(story.title)}</h1>
        <div class="liveblog"><div class="entries">{entries}</div></div>
        <section class="related"><h2>{story.more}</h2>{link(story, "teaser")}</section></main>""",
        head=ld("LiveBlogPosting", liveBlogUpdate=[{"@type": "BlogPosting", "articleBody": story.paragraphs[0]}]),
    )


TEMPLATES: dict[str, Template] = {
    "semantic": semantic,
    "wordpress": wordpress,
    "soup": soup,
    "line breaks in a table": breaks,
    "split by advertisements": split_by_ads,
    "amp": amp,
    "declared only": data_only,
    "live blog": live_blog,
}


def paywall(story: Story, *, declared: bool = True) -> str:
    """The lead, and a notice where the text breaks off."""
    f = story.foreign
    return page(
        story,
        f"""<article><h1>{escape(story.title)}</h1><p>{story.paragraphs[0]}</p><p>{story.paragraphs[1][:60]}…</p>
        <div class="offer"><p>{story.barrier} {f["paywall"]}</p><a href="/buy">EUMAM {f["paywall"]}</a></div></article>
        <aside>{link(story, "teaser")}</aside>""",
        head=ld(isAccessibleForFree="False") if declared else "",
    )


def consent_wall(story: Story) -> str:
    """Instead of the article, a question."""
    f = story.foreign
    return page(
        story,
        f"""<div><h1>Your privacy settings</h1><p>{story.cookies} {f["consent"]}</p>
        <p>Cookies help us, cookies help our partners, and your consent to cookies can be withdrawn. EUMAM {f["consent"]}.</p>
        <button>Accept all cookies</button><a href="/more">Reject</a></div><script src="https://cdn.didomi.io/x.js"></script>""",
    ).replace(f"<title>{escape(story.title)} | Outlet", "<title>Before you continue")


def login(story: Story) -> str:
    """A door."""
    return page(
        story,
        '<form><h1>Log in</h1><input type="text" name="u"><input type="password" name="p"><button>Log in</button></form>',
    )


def challenge(story: Story) -> str:
    """A check for robots."""
    return page(
        story,
        "<h1>outlet.example</h1><p>Verify you are human by completing the action below.</p><div id='cf_chl'></div>",
    ).replace(f"<title>{escape(story.title)} | Outlet", "<title>Just a moment...")


def front(story: Story) -> str:
    """A section's page: teasers and nothing else."""
    cards = "".join(
        f'<article class="item"><h2>{link(story, "teaser", n)}</h2><p>EUMAM {FOREIGN["teaser"]}: what number {n} is about, in a sentence.</p></article>'
        for n in range(30)
    )
    return page(
        story, f"<nav>{link(story, 'navigation')}</nav><main>{cards}</main><footer>{FOREIGN['footer']}</footer>"
    )

"""The invented outlets, what they published earlier, and the script of what they publish next.

Every outlet, person and event here is made up; only the names of institutions and missions are real ones.
Nothing here runs: `bot.demo.newsroom` serves and publishes it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """How a channel is written."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who publishes; `key` is the outlet's place in the addresses of its pages."""

    key: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Channel:
    """One feed of an outlet; its dates are written in the zone `utc_offset` hours east, where the format allows."""

    outlet: Outlet
    file: str
    title: str
    format: Format
    encoding: str = "utf-8"
    utc_offset: int = 0

    @property
    def path(self) -> str:
        """The feed's path on its server."""
        return f"/{self.outlet.key}/{self.file}"


@dataclass(frozen=True, slots=True)
class Article:
    """What an outlet wrote; `body` are the paragraphs after the lead, which the feed carries only if `full`.

    The title is written into feeds as it stands: markup in it is an outlet's mistake, or malice.
    """

    slug: str
    title: str
    lead: str
    body: tuple[str, ...] = ()
    full: bool = False


@dataclass(frozen=True, slots=True)
class Publish:
    """A step of the script: the article turns up in one channel; an earlier one did so `hours_ago`."""

    channel: Channel
    article: Article
    hours_ago: float = 0


@dataclass(frozen=True, slots=True)
class Retitle:
    """A step of the script: an article that is out gets another title, in every channel that carries it."""

    outlet: Outlet
    slug: str
    title: str


Step = Publish | Retitle

MERIDIAN = Outlet("meridian", "The Meridian Ledger", "en")
HARBOUR = Outlet("harbour", "Harbour Wire", "en")
FANAL = Outlet("fanal", "Le Fanal des Deux Rives", "fr")
MAIAK = Outlet("maiak", "Маяк на Подолі", "uk")
LOWLAND = Outlet("lowland", "Lowland Courier", "en")

MERIDIAN_NEWS = Channel(MERIDIAN, "news.xml", "The Meridian Ledger", Format.RSS)
MERIDIAN_SECURITY = Channel(MERIDIAN, "security.xml", "The Meridian Ledger: security", Format.RSS)
HARBOUR_FEED = Channel(HARBOUR, "feed.json", "Harbour Wire", Format.JSON)
FANAL_FEED = Channel(FANAL, "atom.xml", "Le Fanal des Deux Rives", Format.ATOM, utc_offset=2)
MAIAK_FEED = Channel(MAIAK, "rss.xml", "Маяк на Подолі", Format.RSS, encoding="windows-1251", utc_offset=3)
LOWLAND_FEED = Channel(LOWLAND, "rss.xml", "Lowland Courier", Format.RSS)

CHANNELS = (MERIDIAN_NEWS, MERIDIAN_SECURITY, HARBOUR_FEED, FANAL_FEED, MAIAK_FEED, LOWLAND_FEED)

# Old news that both of the demo's filters match is among it: shown when a filter is set, never pushed.
EARLIER: tuple[Publish, ...] = (
    Publish(
        MERIDIAN_NEWS,
        Article(
            "norwegian-instructors-return",
            "Norwegian military instructors return home after a year",
            "The last of the group landed on Monday and was met by families and a brass band.",
        ),
        hours_ago=26,
    ),
    Publish(
        MERIDIAN_NEWS,
        Article(
            "observatory-roof",
            "Observatory closes its roof for repairs",
            "Stargazers will have to wait until spring, the town's oldest science club says.",
        ),
        hours_ago=7,
    ),
    Publish(
        MERIDIAN_SECURITY,
        Article(
            "cable-patrols",
            "Patrols over undersea cables doubled for the winter",
            "Two more ships join the watch over the lines that carry most of the region's traffic.",
        ),
        hours_ago=31,
    ),
    Publish(
        MERIDIAN_SECURITY,
        Article(
            "depot-inspection",
            "Inspectors find fuel depot in good order",
            "The visit was announced at an hour's notice, as the new rules foresee.",
        ),
        hours_ago=9,
    ),
    Publish(
        HARBOUR_FEED,
        Article(
            "crane-record",
            "Old crane lifts its last load",
            "Dockers lined the quay to watch the machine that outlived four harbour masters.",
        ),
        hours_ago=20,
    ),
    Publish(
        HARBOUR_FEED,
        Article(
            "grain-ships",
            "Three grain ships leave on one tide",
            "The pilots' office speaks of its busiest morning since the summer.",
        ),
        hours_ago=5,
    ),
    Publish(
        FANAL_FEED,
        Article(
            "eumam-bilan",
            "L’EUMAM dresse le bilan de son automne",
            "La mission européenne a ouvert deux cours de déminage et un cours de secourisme.",
        ),
        hours_ago=44,
    ),
    Publish(
        FANAL_FEED,
        Article(
            "pont-ferme",
            "Le vieux pont fermé aux camions jusqu’à Noël",
            "Les riverains respirent, les transporteurs cherchent un détour.",
        ),
        hours_ago=6,
    ),
    Publish(
        MAIAK_FEED,
        Article(
            "knyharnia",
            "На Подолі відкрили книгарню в трамваї",
            "Вагон стоїть на запасній колії, а купити книжку можна до пізнього вечора.",
        ),
        hours_ago=28,
    ),
    Publish(
        MAIAK_FEED,
        Article(
            "heneratory",
            "Лікарні міста отримали ще дванадцять генераторів",
            "Обладнання встигли під’єднати до перших морозів.",
        ),
        hours_ago=8,
    ),
    Publish(
        LOWLAND_FEED,
        Article(
            "dyke-walk",
            "Walkers asked to keep off the northern dyke",
            "The grass needs two dry weeks to take root, the water board says.",
        ),
        hours_ago=23,
    ),
    Publish(
        LOWLAND_FEED,
        Article(
            "cheese-fair",
            "Cheese fair moves indoors",
            "Rain chased the stalls into the old corn hall, where they may well stay.",
        ),
        hours_ago=4,
    ),
)

_MODEL = Article(
    "coalition-of-instructors",
    "Call for a European coalition of military instructors in Ukraine",
    "Five defence ministers want trainers from willing countries to work side by side, on Ukrainian soil.",
    (
        "The idea, set out in a two-page letter, is that each country sends a small team and that one staff plans"
        " for all of them. The first teams could leave before the winter ends, its authors write.",
        "Whether the teams would carry arms is left open. Two capitals that were asked said that they were still"
        " reading.",
        "The letter takes care not to step on anyone's toes: the coalition is to complete the work of EUMAM, the"
        " European Union's training mission, rather than to replace it.",
    ),
)

_FERRY = Article(
    "ferry-timetable",
    "Night ferry to the islands gets a new timetable",
    "The last boat leaves forty minutes later, which is good news for theatre-goers.",
    ("The company says that it will see until Easter whether the late crossing pays.",),
    full=True,
)

_CLOSER = Article(
    "training-moves-closer",
    "Brussels weighs moving its courses closer to the front",
    "A discussion paper lists three sites where recruits could be taught without a two-day train ride.",
    (
        "Today most of the courses take place in Germany and Poland. A soldier loses up to a week on the road, the"
        " paper says, and a brigade that rests for three weeks can hardly spare one.",
        "Against it speaks the risk: a training ground is a target, and none of the sites has shelter for more than"
        " two hundred people.",
        "Ambassadors will come back to the matter in a fortnight, when the mandate of EUMAM is due for its review.",
    ),
    full=True,
)

# "who", and not the WHO: a filter on the acronym has to keep still.
_LIGHTHOUSE = Article(
    "lighthouse-volunteers",
    "The volunteers who mend the old lighthouse",
    "They are teachers, bakers and one judge, and nobody knows who painted the door green.",
)

_FORMATEURS = Article(
    "eumam-formateurs",
    "Soldats ukrainiens : l’EUMAM cherche des formateurs francophones",
    "La mission d’assistance veut recruter soixante instructeurs militaires d’ici au printemps.",
    (
        "Les candidats devront avoir commandé une section et accepter des séjours de quatre mois.",
        "Les premiers dossiers seront examinés dès la semaine prochaine.",
    ),
)

_MANDATE = Article(
    "mandate-debate",
    "Parliament to debate a mandate for military instructors on Thursday",
    "Three hours are set aside; a vote is not expected before the end of the month.",
)

_MISIIA = Article(
    "misiia-eumam",
    "Місія «EUMAM» відкриває курси для сержантів",
    "Перша група військових інструкторів уже прибула на полігон, повідомили організатори.",
    (
        "Навчання триватиме п’ять тижнів. Програму склали разом з українськими сержантами, які мають бойовий досвід.",
        "Охочих виявилося вдвічі більше, ніж місць.",
    ),
)

_WINTER_COURSE = Article(
    "danish-winter-course",
    "Danish military instructors open a winter course for mountain troops",
    "Sleeping in snow is the first lesson, and the one that most of the pupils fail.",
)

# A reader may take an RSS title as text or as HTML, so the markup can arrive either way; it must do no harm in both.
_HOSTILE = Article(
    "what-trainers-earn",
    'Q&A: what do <b>military instructors</b> earn? <script>alert("pay")</script>',
    "More than a corporal & less than a pilot: we <i>counted</i>.",
)

_MARCHE = Article(
    "marche-de-nuit",
    "Le marché de nuit revient sur les quais",
    "Une trentaine de maraîchers y vendront légumes, miel et soupe chaude.",
)

# JSON can carry what XML cannot: a terminal's escape sequence.
_FIGURES = Article(
    "eumam-figures",
    "EUMAM counts its graduates: more medics, fewer <em>drivers</em>",
    "The mission's yearly figures \x1b[31mare out\x1b[0m, and they surprise even those who run the courses.",
)

SCRIPT: tuple[Step, ...] = (
    Publish(MERIDIAN_NEWS, _MODEL),
    Publish(LOWLAND_FEED, _FERRY),
    Publish(HARBOUR_FEED, _LIGHTHOUSE),
    Publish(LOWLAND_FEED, _CLOSER),
    Publish(FANAL_FEED, _FORMATEURS),
    Publish(HARBOUR_FEED, _MANDATE),
    Publish(MAIAK_FEED, _MISIIA),
    Publish(MERIDIAN_SECURITY, _WINTER_COURSE),
    Retitle(HARBOUR, _MANDATE.slug, "Thursday's debate: parliament and the mandate for military instructors"),
    Publish(MERIDIAN_NEWS, _WINTER_COURSE),
    Publish(LOWLAND_FEED, _HOSTILE),
    Publish(FANAL_FEED, _MARCHE),
    Publish(HARBOUR_FEED, _FIGURES),
)

"""What outlets say of themselves around their stories, and what only looks so."""

import pytest

from bot.domain.boilerplate import dateline, is_attribution, is_boilerplate
from support.effort import Effort


@pytest.mark.parametrize(
    "text",
    [
        "Read more",
        "Read more: a thing that happened",
        "Read more about it here.",
        "Continue reading...",
        "Sign up for our morning newsletter",
        "Subscribe to our channel",
        "Share this",
        "Share on Facebook",
        "Follow us on X",
        "The post A thing appeared first on An Outlet.",
        "Photo: A. Agency",
        "(Photo: A. Agency)",
        "Photo by A. Photographer",
        "By Ida Vermeer",
        "By Ida Vermeer and Jan Ode in Kyiv",
        "Reporting by Ida Vermeer; editing by Jan Ode",
        "Advertisement",
        "© 2026 An Outlet",
        "Updated 12 May 2026",
        "October 17, 2026 5:56 PM",
        "10:05",
        "Par Ida Vermeer",
        "Lire aussi : une chose",
        "Lire la suite",
        "Inscrivez-vous à notre infolettre",
        "Crédit photo : A. Agence",
        "Читайте також: щось сталося",
        "Про це повідомляє Агенція.",
        "Про це пише видання з посиланням на міністерство.",
        "Підписуйтесь на наш канал",
        "Фото: Агенція",
        "Об этом сообщает Агентство.",
        "Читайте также: что-то случилось",
        "Подписывайтесь на наш канал",
        "Von Ida Vermeer (Berlin, Test)",
        "Lesen Sie auch: eine Sache",
        "Foto: A. Agentur",
        "Das berichtet die Agentur.",
        "Autor: Ida Vermeer",
        "Czytaj też: coś się stało",
        "Zapisz się na nasz newsletter",
        "Fot. A. Agencja"[:4] + ": A. Agencja",
        "(Elektroauto, Technologie)",
        "[link] [comments]",
        "https://outlet.example/1973802",
        "94 points, 8 comments",
        "submitted byida",
        "Follow all the latest news and developments here.",
        "Watch the minister's latest update here.",
        "See how the day's developments unfolded with our live blog.",
        "The original version of this story misstated the area that was flooded.",
        "Correction, Jan. 24: An earlier version of this article misspelled a name.",
        "Про це він сказав в інтерв'ю Агенції.",
        "Об этом она рассказала в интервью Агентству.",
        "Dieser Artikel enthält sogenannte Affiliate-Links.",
        "Welcome back to the Loop, An Outlet’s twice-weekly newsletter about ships.",
        "by Ida Vermeer, Jan Ode, and Maria Lang",
        "Ілюстрація REUTERS",
        "Фото УНІАН",
        "28 вересня.",
        "28. September",
        "Read more at Outlet.example",
        "Outlet reports.",
        "Outlet’s Ida Vermeer reports.",
        "Subscribe to Outlet: https://outlet.example/subscribe | All of it",
        "Register for our newsletter",
        "Copyright 2026 An Outlet. All rights reserved.",
        "Copyright Ida Vermeer.",
        "Points: 94",
        "Деталі – на нашому сайті.",
        "Подробности в нашем материале.",
    ],
)
def test_this_is_an_outlets_own_voice(text: str) -> None:
    assert is_boilerplate(text)


@pytest.mark.parametrize(
    "text",
    [
        "Share prices fell on Monday.",
        "Read more than five books, he said.",
        "By Monday they had left the town.",
        "Follow the money, he said.",
        "Photo editors met in Paris.",
        "Von der Leyen fliegt nach Kiew.",
        "At 10:05 he left.",
        "In May 2026 it rained.",
        "More than 5,000 people died, officials say.",
        "Watch out for storms.",
        "Про це рішення сперечалися роками.",
        "Это решение приняли вчера.",
        "Comments by the minister caused a stir.",
        "Print runs were doubled.",
        "The post office was closed.",
        "Reklamacja trwała rok.",
        "Photo finishes are rare.",
        "12 soldiers died.",
        "5 dead.",
        "Get them out of here.",
        "Про це рішення він сказав лише слово.",
        "An earlier version of the bridge fell in 1940.",
        "Copyright claims against the company may go ahead, a judge ruled.",
        "Register for the draft or lose your licence, the ministry tells men abroad.",
        "Subscribe to the truth, the widow says in a speech.",
        "Points system for migrants is scrapped by the new government.",
        "Деталі угоди між двома країнами обговорять у Брюсселі.",
        "Подробности сделки раскроют в понедельник.",
        "Bug Reports",
        "",
    ],
)
def test_this_is_a_storys(text: str) -> None:
    assert not is_boilerplate(text)


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("Про це повідомив начальник ОВА Іван Петренко у Телеграмі.", True),
        ("Об этом сообщил пресс-секретарь Иван Петров.", True),
        ("Das teilte Ministerin Maria Lang am Montag mit.", True),
        ("Informuje o tym premier Jan Kowalski.", True),
        ("This was announced by Ida Vermeer, the Union’s envoy.", True),
        ("C’est ce qu’indique un rapport de l’agence.", True),
        ("Outlet reports.", True),
        ("Read more: a thing that happened", False),
        ("Про це рішення сперечалися роками.", False),
        ("This was announced by " + "x" * 400, False),
    ],
)
def test_an_attribution_names_who_says_so(text: str, attributes: bool) -> None:
    assert is_attribution(text) is attributes
    assert is_boilerplate(text) or not attributes


@pytest.mark.parametrize(
    ("filed", "told"),
    [
        ("KYIV, Nov 24 (Agency) - ", "A dozen allies"),
        ("WASHINGTON — ", "A dozen allies"),
        ("SINGAPORE - ", "A dozen allies"),
        ("LONDON: ", "A dozen allies"),
        ("PARIS (AFP) – ", "Une douzaine"),
        ("Berlin (dpa) - ", "Ein Dutzend"),
        ("Moskau/Kiew (dpa) - ", "Ein Dutzend"),
        ("Warszawa (PAP) – ", "Kilkunastu"),
        ("Київ. 24 листопада. УНН. ", "Дванадцять"),
        ("КИЇВ, 24 листопада (Агенція) — ", "Дванадцять"),
        ("", "NATO - an alliance"),
        ("", "U.S. - China talks"),
        ("", "The cat (AP) sat on a mat - there"),
        ("", "Ukraine (and Moldova) - two states"),
        ("", "COVID-19 - a disease"),
        ("", "EUMAM: the mission goes on"),
        ("", ""),
    ],
)
def test_where_and_by_whom_a_story_was_filed_is_told_apart(filed: str, told: str) -> None:
    assert dateline(filed + told) == len(filed)


@pytest.mark.parametrize("unit", ["read more ", "the post ", "by Ida ", "A ", "(", "Фото ", "10:", "24 листопада "])
def test_a_hostile_text_takes_no_long_time(unit: str) -> None:
    with Effort() as effort:
        for size in (200, 320, 100_000):
            is_boilerplate((unit * size)[:size])
            dateline((unit * size)[:size])
    assert effort.seconds < 2

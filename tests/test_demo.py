"""The demo, as somebody sees it who pipes it into a file."""

import re
from pathlib import Path

from support.process import Process

# What the newsroom publishes, by what the alert's headline holds of it, and which of the two filters it matches.
EXPECTED = {
    "Call for a European coalition of military instructors in Ukraine": ["military instructors"],
    "Brussels weighs moving its courses closer to the front": ["EUMAM"],
    "Soldats ukrainiens : l’EUMAM cherche des formateurs francophones": ["EUMAM"],
    "Parliament to debate a mandate for military instructors on Thursday": ["military instructors"],
    "Місія «EUMAM» відкриває курси для сержантів": ["EUMAM"],
    "Danish military instructors open a winter course for mountain troops": ["military instructors"],
    "Q&A: what do military instructors earn?": ["military instructors"],
    "EUMAM counts its graduates: more medics, fewer drivers": ["EUMAM"],
}


async def test_the_demo_tells_each_story_once_and_ends_well(tmp_path: Path) -> None:
    async with Process.started(tmp_path, None, "demo", typed="", LOG_LEVEL="debug") as demo:
        assert await demo.ended(90) == 0
        assert demo.log == ""
        shown = demo.output
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    assert "[31m" not in shown
    assert "[0m" not in shown
    assert "Filter #1 is set: military instructors." in shown
    assert "Filter #2 is set: EUMAM." in shown
    messages = [
        [line.removeprefix("│  ") for line in message.splitlines()] for message in re.split(r"\n\n(?=\S)", shown)
    ]
    alerts = [message for message in messages if message[0].startswith("🔔 ")]
    assert {message[0].removeprefix("🔔 ").strip(): queries(message) for message in alerts} == EXPECTED
    assert len(alerts) == len(EXPECTED), "each once"
    assert "alert(" not in shown
    assert "<script>" not in shown
    assert "volunteers" not in shown, "who is not the WHO"


def queries(message: list[str]) -> list[str]:
    """The filters that an alert names."""
    return [line.removeprefix("▸ ").partition(",")[0].partition(":")[0] for line in message if line.startswith("▸ ")]

"""What is known of languages: how their words are inflected, and which of them a text is in.

All of it comes from libraries' dictionaries and models, and is built once into files that are mapped into memory:
`python -m bot.language` builds them at install, and one that is missing is built when it is first asked for.
"""

from bot.language.detection import Detection
from bot.language.morphology import Morphology, method

__all__ = ["Detection", "Morphology", "method"]

"""Check the packs and the catalogue: python -m bot.packs."""

import sys

from bot.packs import PACKS, faults, read_catalogue

found = faults()
for fault in found:
    print(fault)  # noqa: T201 - it is what this is for
if not found:
    print(f"{len(read_catalogue().listings)} feeds in the catalogue, {len(PACKS)} packs: well")  # noqa: T201
sys.exit(1 if found else 0)

"""Lets the tests of the pages find ``model_server``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "agents" / "backends"))

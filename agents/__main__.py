"""``python -m agents scaffold ...``."""

import sys

from agents.commands import COMMANDS
from automem_gym.commands import main

sys.exit(main(COMMANDS, program="python -m agents"))

"""``python -m automem_gym play ...``."""

import sys

from automem_gym.commands import COMMANDS, main

sys.exit(main(COMMANDS, program="python -m automem_gym"))

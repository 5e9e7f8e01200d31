"""``python -m benchmarks run ...``."""

import sys

from automem_gym.commands import main
from benchmarks.commands import COMMANDS

if __name__ == "__main__":
    sys.exit(main(COMMANDS, program="python -m benchmarks"))

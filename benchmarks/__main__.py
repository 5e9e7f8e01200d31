"""``python -m benchmarks run ...``."""

import sys

from automem_gym.commands import main
from automem_gym.installation import ForeignPackageError, require_own
from benchmarks.commands import COMMANDS

if __name__ == "__main__":
    try:
        require_own("agents")
    except ForeignPackageError as error:
        print(f"python -m benchmarks: {error}", file=sys.stderr)
        sys.exit(2)
    sys.exit(main(COMMANDS, program="python -m benchmarks"))

"""The program: `agentdesk` and `python -m agentdesk`."""

import gc
import sys


def main() -> None:
    """Runs one command line and ends with its status; Ctrl-C is 130 even while loading."""
    gc.disable()  # nothing that is loaded is garbage; switched on again before a command runs
    try:
        from agentdesk.cli import main as run

        status = run(sys.argv[1:])
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)


if __name__ == "__main__":
    main()

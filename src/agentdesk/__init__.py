"""agentdesk: a help desk that lives in the terminal."""

from pathlib import Path

__version__ = "0.1.0"


def shipped() -> Path:
    """The folder `data` of the program: inside the package, or beside its source in a checkout."""
    inside = Path(__file__).parent / "data"
    return inside if inside.is_dir() else inside.parents[2] / "data"

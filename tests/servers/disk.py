"""A disk that fails where it is told to: `disk.c`, built once a test run and loaded before the C library."""

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path


def missing() -> str:
    """Why it cannot be built here, "" when it can."""
    return "" if shutil.which("gcc") else "not installed: gcc"


@cache
def library() -> Path:
    """The library to be named in LD_PRELOAD."""
    built = Path(tempfile.mkdtemp(prefix="disk-")) / "disk.so"
    source = Path(__file__).with_suffix(".c")
    subprocess.run(
        ["gcc", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", str(built), str(source), "-ldl"],
        check=True,
    )
    return built

"""How long the book's build takes: cold, with nothing changed, and after one edit.

``python tests/benchmarks/build.py`` builds in a copy of the repository and prints a table.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mlsheet_book.sections import find_sections

ROOT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(".*", "_build", "__pycache__", "tests")


def build_seconds(root: Path) -> float:
    """Build the book at `root`, with the package there, and return how long it took."""
    paths = os.pathsep.join([str(root), str(root / "book" / "_ext")])
    command = [sys.executable, "-m", "mlsheet_book.build"]
    start = time.perf_counter()
    subprocess.run(
        command,
        cwd=root,
        env={**os.environ, "PYTHONPATH": paths},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    sections = find_sections(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "book")
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        first = sections[0]
        module = copy / "mlsheet" / first.chapter / f"{first.name}.py"
        print(f"{f'the build of {len(sections)} sections':48}{'s':>8}")
        print(f"{'cold':48}{build_seconds(copy):8.1f}", flush=True)
        print(f"{'nothing changed':48}{build_seconds(copy):8.1f}", flush=True)
        module.write_text(module.read_text() + "\n# edited\n")
        print(f"{f'after an edit to {first.name}.py':48}{build_seconds(copy):8.1f}")


if __name__ == "__main__":
    main()

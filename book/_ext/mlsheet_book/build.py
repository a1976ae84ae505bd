"""Build the book: run the notebooks that are stale, then let Jupyter Book make the pages."""

import hashlib
import shutil
import subprocess
import sys
import time
from pathlib import Path

from .execute import NotebookError, execute_stale, read_notebook, toc_notebooks

JUPYTER_BOOK = ("jupyter-book", "build", "-W", "-n", "--keep-going", "-q", ".")
LOOKS = ("book/_ext/mlsheet_book", "book/_static", "mlsheet/notebook/explorer")
LOOK_FILES = ("_config.yml", "_toc.yml", "requirements.txt", "mlsheet/notebook/style.py")


def build(root: Path) -> int:
    """Build the book at `root`, and return the exit code."""
    start = time.perf_counter()
    try:
        errors = execute_stale(root)
    except NotebookError as error:
        errors = [error]
    if errors:
        print(*errors, "", sep="\n\n", file=sys.stderr)
        print(f"The book is not built: {len(errors)} notebook(s) failed.", file=sys.stderr)
        return 1
    if not make_pages(root):
        print("The book is not built: mend the warnings above.", file=sys.stderr)
        return 1
    print(f"Built in {time.perf_counter() - start:.0f} s. Open _build/html/index.html")
    return 0


def make_pages(root: Path) -> bool:
    """Run Jupyter Book, afresh when what shapes every page changed or the last run failed."""
    built = root / "_build"
    stamp, look = built / "look", look_of(root)
    if not stamp.exists() or stamp.read_text() != look:
        for folder in ("html", ".doctrees"):
            shutil.rmtree(built / folder, ignore_errors=True)
    stamp.unlink(missing_ok=True)
    command = Path(sys.executable).absolute().with_name(JUPYTER_BOOK[0])
    code = subprocess.call([command, *JUPYTER_BOOK[1:]], cwd=root, stdout=subprocess.DEVNULL)
    if code == 0:
        stamp.write_text(look)
    return code == 0


def look_of(root: Path) -> str:
    """Return what changes when every page must be made again: its frame, or any page's title."""
    files = [file for folder in LOOKS for file in sorted((root / folder).rglob("*.*"))]
    files = [*(root / name for name in LOOK_FILES), *files]
    digest = hashlib.sha256()
    for file in files:
        if file.is_file() and file.suffix != ".pyc":
            digest.update(file.read_bytes())
    for path in toc_notebooks(root):
        digest.update(read_notebook(path).cells[0].source.partition("\n")[0].encode())
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(build(Path()))

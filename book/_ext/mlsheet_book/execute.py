"""Run notebooks, two at a time, each in a kernel of its own; and run only what is stale.

The book's build reads each notebook's outputs from a jupyter-cache.  Before Sphinx starts, the
notebooks that are stale are run here and their records replaced.  A notebook is stale when its
code cells, the lock, or a module of ``mlsheet`` that it stands on changed since it was run.
"""

import ast
import asyncio
import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import util
from pathlib import Path

import grimp
import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.cache.main import JupyterCacheBase
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert.filters.ansi import strip_ansi
from nbformat import NotebookNode
from sphinx_external_toc.parsing import parse_toc_yaml

KERNELS = 2
CELL_SECONDS = 120
PACKAGE = "mlsheet"


class NotebookError(Exception):
    """A notebook that does not run; the message names it, its cell and the error."""


def read_notebook(path: Path) -> NotebookNode:
    """Return the notebook of a file."""
    return nbformat.read(path, as_version=4)


def text_of(notebook: NotebookNode) -> str:
    """Return a notebook as the text of its file."""
    return nbformat.writes(notebook, version=4) + "\n"


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return a notebook's code cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def run_notebooks(
    paths: Iterable[Path],
    *,
    in_book: bool,
    keep: Callable[[Path, NotebookNode, float], None],
) -> list[NotebookError]:
    """Run notebooks, hand each to `keep` with its seconds, and return what went wrong."""
    waiting = list(paths)
    errors: list[NotebookError] = []
    done = 0

    async def run_one(path: Path, slots: asyncio.Semaphore) -> None:
        nonlocal done
        async with slots:
            notebook, start = read_notebook(path), time.perf_counter()
            try:
                await run_notebook(path, notebook, in_book=in_book)
            except NotebookError as error:
                errors.append(error)
            else:
                keep(path, notebook, time.perf_counter() - start)
            done += 1
            seconds = time.perf_counter() - start
            print(f"  [{done}/{len(waiting)}] {path}  {seconds:.1f} s", flush=True)

    async def run_all() -> None:
        slots = asyncio.Semaphore(KERNELS)
        await asyncio.gather(*(run_one(path, slots) for path in waiting))

    asyncio.run(run_all())
    return errors


async def run_notebook(path: Path, notebook: NotebookNode, *, in_book: bool) -> None:
    """Run a notebook in a fresh kernel, in live mode or as the book does; fill in its outputs."""
    if not code_cells(notebook):
        return
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=CELL_SECONDS,
        extra_arguments=["--log-level=ERROR"],  # else each kernel warns of its plain connection
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        await client.async_execute(env=_kernel_environment(in_book=in_book))
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        cell = next((cell for cell in code_cells(notebook) if _failed(cell)), None)
        place = f", cell {cell.id}" if cell is not None else ""
        raise NotebookError(f"{path}{place}: {strip_ansi(str(error))}") from error


def _failed(cell: NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.outputs)


def _kernel_environment(*, in_book: bool) -> dict[str, str]:
    """Return the environment of a kernel: one BLAS thread, inline figures, live or book mode."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "MLSHEET_BOOK": str(int(in_book))}
    environment.pop("MPLBACKEND", None)
    return environment


def toc_notebooks(root: Path) -> dict[Path, str]:
    """Return the notebooks of the table of contents, in its order, and their documents' names."""
    documents = {root / f"{name}.ipynb": name for name in parse_toc_yaml(root / "_toc.yml")}
    return {path: name for path, name in documents.items() if path.exists()}


def execute_stale(root: Path) -> list[NotebookError]:
    """Run the stale notebooks of the book at `root` and keep their outputs for Sphinx."""
    records = get_cache(root / "_build" / ".jupyter_cache")
    documents = toc_notebooks(root)
    ground = Ground(root)
    notebooks = {path: read_notebook(path) for path in documents}
    keys = {path: ground.key(path, notebook) for path, notebook in notebooks.items()}
    stale = [path for path in documents if _stored_key(records, notebooks[path]) != keys[path]]

    def keep(path: Path, notebook: NotebookNode, seconds: float) -> None:
        data = {"execution_seconds": seconds, "key": keys[path]}
        bundle = CacheBundleIn(notebook, str(path), data=data)
        records.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        # Sphinx reads a page again when its text changed or, as here, when its doctree is gone.
        doctree = root / "_build" / ".doctrees" / f"{documents[path]}.doctree"
        doctree.unlink(missing_ok=True)

    print(f"{len(stale)} of {len(documents)} notebooks to run", flush=True)
    errors = run_notebooks(stale, in_book=True, keep=keep)
    current = {records.create_hashed_notebook(notebook)[1] for notebook in notebooks.values()}
    for record in records.list_cache_records():
        if record.hashkey not in current:
            records.remove_cache(record.pk)
    return errors


def _stored_key(records: JupyterCacheBase, notebook: NotebookNode) -> str | None:
    """Return the key under which a notebook was last run, if it was."""
    try:
        record = records.match_cache_notebook(notebook)
    except KeyError:
        return None
    key: str | None = record.data.get("key")
    return key


class Ground:
    """What notebooks stand on: the lock, Python, and the modules of ``mlsheet`` they import."""

    def __init__(self, root: Path) -> None:
        spec = util.find_spec(PACKAGE)
        if spec is None or spec.origin is None:
            raise NotebookError(f"the package {PACKAGE} is not installed: run `make book`")
        self.package = Path(spec.origin).parent
        self.imports = grimp.build_graph(PACKAGE, cache_dir=None)
        common = [root / "requirements.txt", Path(__file__)]
        self.common = [*sys.version_info[:2], *(_digest(path) for path in common)]

    def key(self, path: Path, notebook: NotebookNode) -> str:
        """Return what changes exactly when a notebook must be run again."""
        cells = [[cell.source, cell.metadata] for cell in code_cells(notebook)]
        modules = self.modules(path, notebook)
        files = {
            module: [_digest(file) for file in _module_files(self.package, module)]
            for module in modules
        }
        text = json.dumps([cells, self.common, files], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def modules(self, path: Path, notebook: NotebookNode) -> set[str]:
        """Return the modules of ``mlsheet`` that a notebook imports, transitively."""
        named = {name for cell in code_cells(notebook) for name in _names(path, cell)}
        waiting = list(named & self.imports.modules)
        modules: set[str] = set()
        while waiting:
            module = waiting.pop()
            if module not in modules:
                modules.add(module)
                waiting += self.imports.find_modules_directly_imported_by(module)
                if parent := module.rpartition(".")[0]:
                    waiting.append(parent)
        return modules


def _names(path: Path, cell: NotebookNode) -> Iterator[str]:
    """Yield what may be modules among the names that a cell imports, and its exercise's module."""
    try:
        tree = ast.parse(cell.source)
    except SyntaxError as error:
        raise NotebookError(f"{path}, cell {cell.id}: {error}") from error
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield module
                yield from (f"{module}.{name.name}" for name in names)
            case ast.Call(func=ast.Name("grade"), args=[ast.Constant(value=str(name)), *_]):
                yield f"{PACKAGE}.notebook.practice.{name}"


def _module_files(package: Path, module: str) -> list[Path]:
    """Return a module's file and, where it is a package itself, the data files beside it."""
    place = package.joinpath(*module.split(".")[1:])
    if not place.is_dir():
        return [place.with_suffix(".py")]
    return sorted(
        file
        for file in place.iterdir()
        if file.is_file() and (file.suffix != ".py" or file.name == "__init__.py")
    )


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

"""The reference implementation's own code, shown in the notebook as it stands in the package."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from html import escape
from typing import Any

from mlsheet.notebook.style import in_book


def source(obj: type | Callable[..., Any]) -> None:
    """Show the code of a function or class of the package, its docstring folded beneath.

    Parameters
    ----------
    obj : function or class
        Something defined in a module of ``mlsheet``.

    Raises
    ------
    ValueError
        If `obj` isn't a function or class of the package.

    Examples
    --------
    >>> source(len)
    Traceback (most recent call last):
    ValueError: source: expected a function or class of mlsheet, got <built-in function len>
    """
    from IPython.display import display

    module = getattr(obj, "__module__", None) or ""
    if not module.startswith("mlsheet."):
        raise ValueError(f"source: expected a function or class of mlsheet, got {obj!r}")
    code, docstring = _without_docstring(textwrap.dedent(inspect.getsource(obj)))
    path = module.replace(".", "/") + ".py"
    link = (
        f'<a class="mlsheet-module" data-module="{module}" href="../../{path}">{escape(path)}</a>'
    )
    fold = (
        f"<details><summary>Documentation of {obj.__name__}</summary>"
        f"<pre>{escape(docstring)}</pre></details>"
        if docstring
        else ""
    )
    html = f'<div class="mlsheet-source">{_highlighted(code)}{fold}<p>{link}</p></div>'
    display({"text/html": html, "text/plain": code}, raw=True)  # type: ignore[no-untyped-call]


def _without_docstring(code: str) -> tuple[str, str]:
    """Return the code without the docstring of what it defines, and that docstring."""
    definition = ast.parse(code).body[0]
    if not isinstance(definition, ast.FunctionDef | ast.ClassDef):
        raise ValueError("source: expected the definition of a function or class")
    docstring = ast.get_docstring(definition)
    if docstring is None:
        return code, ""
    node = definition.body[0]
    lines = code.splitlines()
    kept = lines[: node.lineno - 1] + lines[node.end_lineno or node.lineno :]
    return "\n".join(kept) + "\n", docstring


def _highlighted(code: str) -> str:
    """Return the code as HTML: classes in the book, which has their colours, else inline styles."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    formatter = HtmlFormatter(noclasses=not in_book(), nobackground=True)
    return str(highlight(code, PythonLexer(), formatter))

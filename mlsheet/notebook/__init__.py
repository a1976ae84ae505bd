"""What a notebook imports: figures, explorers, checks, source code and exercises."""

from mlsheet.notebook.checks import check, check_every, check_order
from mlsheet.notebook.explorer import Steps, Target, explore, log_range
from mlsheet.notebook.figures import show
from mlsheet.notebook.practice import grade
from mlsheet.notebook.sources import source

__all__ = [
    "Steps",
    "Target",
    "check",
    "check_every",
    "check_order",
    "explore",
    "grade",
    "log_range",
    "show",
    "source",
]

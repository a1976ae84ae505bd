"""An order of reading in which every section comes after those that it builds on."""

from collections.abc import Mapping, Sequence


class CycleError(ValueError):
    """Sections build on each other in a circle."""


def order(number: str) -> list[int]:
    """Return what sorts the sections as the sheet does: 3.2 before 3.10."""
    return [int(part) for part in number.split(".")]


def reading_path(builds_on: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the numbers of all sections, each as early as what it builds on allows.

    `builds_on` has an entry for each written section; others among the values are passed over.
    """
    path: list[str] = []
    waiting = sorted(builds_on, key=order)
    while waiting:
        ready = (
            number
            for number in waiting
            if all(earlier in path or earlier not in builds_on for earlier in builds_on[number])
        )
        following = next(ready, None)
        if following is None:
            circle = " → ".join(_circle(builds_on, path, waiting[0]))
            raise CycleError(f"sections build on each other in a circle: {circle}")
        path.append(following)
        waiting.remove(following)
    return path


def _circle(builds_on: Mapping[str, Sequence[str]], done: list[str], start: str) -> list[str]:
    """Walk back from a section that can't come next until one comes up again."""
    walk = [start]
    while walk[-1] not in walk[:-1]:
        open_ones = (n for n in builds_on[walk[-1]] if n in builds_on and n not in done)
        walk.append(next(open_ones))
    return walk[walk.index(walk[-1]) :]

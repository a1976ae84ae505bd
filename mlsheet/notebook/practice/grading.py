"""How a reader's function is graded: by what it returns and by properties that must hold."""

import copy
import difflib
import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Function = Callable[..., Any]
Arguments = tuple[Any, ...]


class _Unattempted(Exception):
    """The stub is as it was."""


class _Fault(Exception):
    """What is wrong, in words for the reader."""


@dataclass(frozen=True)
class Equals:
    """On each input the function returns what a reference returns.

    Parameters
    ----------
    statement : str
        What the function does, as a clause: ``"it sums p log(p/q)"``.
    expected : callable
        The reference; it gets the same arguments.
    inputs : sequence of tuple
        The arguments of each call.
    rtol, atol : float
        How far a returned number may be off.
    """

    statement: str
    expected: Function
    inputs: Sequence[Arguments]
    rtol: float = 1e-8
    atol: float = 1e-10

    def test(self, function: Function, arguments: Arguments) -> None:
        """Raise `_Fault` when the function returns something else than the reference."""
        expected = self.expected(*copy.deepcopy(arguments))
        got = _call(function, arguments)
        if not _agree(got, expected, self.rtol, self.atol):
            raise _Fault(f"it returned {_short(got)}, expected {_short(expected)}")


@dataclass(frozen=True)
class Holds:
    """On each input a property of the function is true.

    Parameters
    ----------
    statement : str
        The property, as a clause: ``"it is never negative"``.
    true : callable
        Gets the function and its arguments, calls the function as often as it needs to, and
        says whether the property is true.
    inputs : sequence of tuple
        The arguments of each trial.
    """

    statement: str
    true: Callable[..., bool]
    inputs: Sequence[Arguments]

    def test(self, function: Function, arguments: Arguments) -> None:
        """Raise `_Fault` when the property is false."""

        def called(*given: object) -> object:
            return _call(function, given)

        try:
            holds = bool(self.true(called, *copy.deepcopy(arguments)))
        except (TypeError, ValueError, IndexError) as error:
            returned = _short(_call(function, arguments))
            raise _Fault(f"it returned {returned}, which cannot be used here ({error})") from error
        if not holds:
            raise _Fault(f"it returned {_short(_call(function, arguments))}")


@dataclass(frozen=True)
class Exercise:
    """A function for the reader to write.

    Parameters
    ----------
    arguments : tuple of str
        The names under which a report shows the function's arguments.
    properties : sequence of Equals or Holds
        What must hold, the most telling first.
    """

    arguments: tuple[str, ...]
    properties: Sequence[Equals | Holds]


@dataclass(frozen=True)
class Report:
    """What `grade` found.

    Parameters
    ----------
    attempted : bool
        False for a stub that still raises NotImplementedError.
    passed : bool
        Whether every property holds on every input.
    message : str
        The one line for the reader.
    """

    attempted: bool
    passed: bool
    message: str


def grade(name: str, function: Function) -> None:
    """Print whether a function solves the exercise, and if not, what fails on which input.

    Parameters
    ----------
    name : str
        The exercise, named as the section's module.
    function : callable
        The reader's function; it need not be finished, and its mistakes are no errors here.

    Raises
    ------
    ValueError
        If there is no such exercise.

    Examples
    --------
    >>> grade("k_mean", print)
    Traceback (most recent call last):
    ValueError: grade: there is no exercise 'k_mean'; did you mean 'k_means'?
    """
    print(grade_result(name, function).message)


def grade_result(name: str, function: Function) -> Report:
    """Grade a function as `grade` does and return the report.

    Parameters
    ----------
    name : str
        The exercise, named as the section's module.
    function : callable
        The reader's function.

    Returns
    -------
    Report
        Whether it was attempted, whether it passed, and the line for the reader.

    Raises
    ------
    ValueError
        If there is no such exercise.
    """
    exercise = _exercise(name)
    trials = 0
    for rule in exercise.properties:
        for arguments in rule.inputs:
            trials += 1
            try:
                with np.errstate(all="ignore"):
                    rule.test(function, arguments)
            except _Unattempted:
                message = (
                    "not attempted yet. Replace the NotImplementedError and run the cell again."
                )
                return Report(False, False, f"○ {name}: {message}")
            except _Fault as fault:
                given = ", ".join(
                    f"{argument} = {_short(value)}"
                    for argument, value in zip(exercise.arguments, arguments, strict=True)
                )
                message = f"not yet so: {rule.statement}. For {given} {fault}."
                return Report(True, False, f"✗ {name}: {message}")
    rules = len(exercise.properties)
    message = f"solved, {rules} properties hold on {trials} inputs."
    return Report(True, True, f"✓ {name}: {message}")


def _exercise(name: str) -> Exercise:
    package = importlib.import_module("mlsheet.notebook.practice")
    names = sorted({module.name for module in pkgutil.iter_modules(package.__path__)} - {"grading"})
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1)
        remedy = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"
        raise ValueError(f"grade: there is no exercise {name!r}; {remedy}")
    exercise: Exercise = importlib.import_module(f"{package.__name__}.{name}").EXERCISE
    return exercise


def _call(function: Function, arguments: Arguments) -> object:
    """Call the reader's function on a copy; its errors and its changes of the input are faults."""
    given = copy.deepcopy(arguments)
    try:
        result = function(*given)
    except NotImplementedError:
        raise _Unattempted from None
    except Exception as error:
        raise _Fault(f"it raised {type(error).__name__}: {error}") from error
    if result is None:
        raise _Fault("it returned nothing: is there a return?")
    for before, after in zip(arguments, given, strict=True):
        if isinstance(before, np.ndarray) and not np.array_equal(before, after, equal_nan=True):
            raise _Fault("it changed its argument, where a new array was wanted")
    return result


def _agree(got: object, expected: object, rtol: float, atol: float) -> bool:
    """Whether two results are the same in kind, shape and value."""
    if isinstance(expected, tuple):
        return (
            isinstance(got, tuple | list)
            and len(got) == len(expected)
            and all(_agree(*pair, rtol, atol) for pair in zip(got, expected, strict=True))
        )
    try:
        ours = np.asarray(got)
    except ValueError:  # rows of different lengths
        return False
    theirs = np.asarray(expected)
    if ours.shape != theirs.shape or ours.dtype.kind not in "biufc":
        return False
    return bool(np.isclose(ours, theirs, rtol=rtol, atol=atol).all())


def _short(value: object) -> str:
    """Word a value in one line that does not depend on the machine."""
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_short, value)) + ")"
    if isinstance(value, np.ndarray):
        text = np.array2string(
            value, precision=3, suppress_small=True, threshold=24, separator=", "
        )
        return " ".join(text.split())
    if isinstance(value, float | np.floating):
        return f"{value:.4g}"
    text = " ".join(repr(value).split())
    return text if len(text) <= 120 else text[:117] + "…"

"""The grader says in words what is wrong, and never lets a mistake escape as an error."""

import sys
from types import ModuleType

import numpy as np
import pytest

from mlsheet.notebook import practice
from mlsheet.notebook.practice.grading import Equals, Exercise, Holds, grade, grade_result

X = np.array([3.0, 1.0, 2.0])

EXERCISE = Exercise(
    arguments=("x", "scale"),
    properties=(
        Equals("it sorts and scales", lambda x, scale: np.sort(x) * scale, [(X, 2.0), (X, 0.5)]),
        Holds(
            "it is not lower than before",
            lambda f, x, scale: bool((np.diff(f(x, scale)) >= 0).all()),
            [(X, 1.0)],
        ),
    ),
)


@pytest.fixture(autouse=True)
def exercise(tmp_path, monkeypatch):
    module = ModuleType("mlsheet.notebook.practice.sorting")
    module.EXERCISE = EXERCISE
    (tmp_path / "sorting.py").touch()
    monkeypatch.setattr(practice, "__path__", [*practice.__path__, str(tmp_path)])
    monkeypatch.setitem(sys.modules, module.__name__, module)


def stub(x, scale):
    raise NotImplementedError


def right(x, scale):
    return np.sort(x) * scale


def unscaled(x, scale):
    return np.sort(x)


def silent(x, scale):
    np.sort(x)


def crashing(x, scale):
    return x[7]


def in_place(x, scale):
    x.sort()
    return x * scale


def wrong_shape(x, scale):
    return (np.sort(x) * scale)[:, None]


def wrong_kind(x, scale):
    return "sorted"


def ragged(x, scale):
    return [[1.0], [1.0, 2.0]]


def nan(x, scale):
    return np.sort(x) * np.nan


def too_few_arguments(x):
    return np.sort(x)


def test_a_stub_is_not_attempted():
    report = grade_result("sorting", stub)
    assert (report.attempted, report.passed) == (False, False)
    assert report.message.startswith("○ sorting: not attempted yet")


def test_a_solution_passes():
    report = grade_result("sorting", right)
    assert (report.attempted, report.passed) == (True, True)
    assert report.message == "✓ sorting: solved, 2 properties hold on 3 inputs."


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (unscaled, "it returned [1., 2., 3.], expected [2., 4., 6.]"),
        (silent, "it returned nothing: is there a return?"),
        (crashing, "it raised IndexError: index 7 is out of bounds"),
        (in_place, "it changed its argument"),
        (wrong_shape, "it returned [[2.], [4.], [6.]], expected"),
        (wrong_kind, "it returned 'sorted', expected"),
        (ragged, "it returned [[1.0], [1.0, 2.0]], expected"),
        (nan, "it returned [nan, nan, nan], expected"),
        (too_few_arguments, "it raised TypeError: too_few_arguments() takes 1 positional"),
    ],
)
def test_a_mistake_is_told_with_its_input(wrong, words):
    report = grade_result("sorting", wrong)
    assert (report.attempted, report.passed) == (True, False)
    assert report.message.startswith("✗ sorting: not yet so: it sorts and scales. For x = [3., 1.")
    assert words in report.message


def test_a_property_that_is_false_is_named():
    calls = []

    def late(x, scale):
        calls.append(scale)
        return right(x, scale) if scale != 1.0 else -right(x, scale)

    report = grade_result("sorting", late)
    assert "it is not lower than before. For x = [3., 1., 2.], scale = 1 " in report.message
    assert "it returned [-1., -2., -3.]" in report.message


def test_a_result_that_a_property_cannot_use_is_told():
    def late(x, scale):
        return right(x, scale) if scale != 1.0 else "abc"

    assert "which cannot be used here" in grade_result("sorting", late).message


def test_grading_leaves_the_inputs_as_they_are():
    grade_result("sorting", in_place)
    assert X.tolist() == [3.0, 1.0, 2.0]


def test_grade_prints_the_message(capsys):
    grade("sorting", right)
    assert capsys.readouterr().out == grade_result("sorting", right).message + "\n"


def test_an_unknown_exercise_is_an_error():
    with pytest.raises(ValueError, match="no exercise 'sortin'; did you mean 'sorting'"):
        grade("sortin", right)
    with pytest.raises(ValueError, match=r"no exercise 'q'; there are .*sorting"):
        grade("q", right)


def test_tuples_are_compared_part_by_part():
    pair = Equals("it returns both", lambda x: (x.min(), x), [(X,)])
    pair.test(lambda x: (1.0, x.copy()), (X,))
    with pytest.raises(Exception, match=r"it returned \(1, .*expected \(1, "):
        pair.test(lambda x: (1.0, x + 1), (X,))
    with pytest.raises(Exception, match="it returned 1, expected"):
        pair.test(lambda x: 1.0, (X,))

"""Checks print one line when they hold, and raise with both values when they don't."""

import numpy as np
import pytest

from mlsheet.notebook.checks import CheckError, check, check_every, check_order


def test_one_line_for_a_check_that_holds(capsys):
    check("1.8-f1", [1.0, 2.0], [1.0, 2.0 + 1e-12], against="a sum")
    check("3.23.1-c2", 1.0, 1.001, against="a sample", rtol=0, atol=0.01)
    check_order("1.8-c1", [1, 2], 2, against="a bound")
    check_every("1.21-f1", lambda n: n < 3, range(3), against="n below 3")
    assert capsys.readouterr().out.splitlines() == [
        "✓ 1.8-f1  a sum: 2 numbers agree to 1e-10",
        "✓ 3.23.1-c2  a sample: 1 number agrees to 0.01",
        "✓ 1.8-c1  a bound: 2 pairs in order",
        "✓ 1.21-f1  n below 3: true in each of 3",
    ]


@pytest.mark.parametrize(
    ("computed", "expected"),
    [
        (1.0, 1.0 + 1e-9),
        ([1.0, np.nan], [1.0, 2.0]),
        ([np.nan], [np.nan]),
        (np.inf, 5.0),
        (np.inf, -np.inf),
        (1.0 + 1e-3j, 1.0 + 0j),
        ([True, False], [True, True]),
    ],
)
def test_a_difference_is_an_error(computed, expected):
    with pytest.raises(CheckError, match=r"1\.8-f1 does not hold against a sum"):
        check("1.8-f1", computed, expected, against="a sum")


def test_the_error_has_both_values_and_the_place():
    with pytest.raises(CheckError, match=r"computed 2, expected 3 at index \(1, 0\) \(1 of 2 dif"):
        check("1.8-f1", [[1], [2]], [[1], [3]], against="a table")


def test_infinities_of_one_sign_agree(capsys):
    check("1.8-f1", [np.inf, 1], [np.inf, 1], against="infinity")
    assert "2 numbers agree" in capsys.readouterr().out


def test_a_wrong_order_is_an_error():
    with pytest.raises(CheckError, match=r"3 should be at most 2 at index \(1,\) \(1 of 2"):
        check_order("1.8-c1", [1, 3], [2, 2], against="a bound")
    with pytest.raises(CheckError, match="nan should be at most 2"):
        check_order("1.8-c1", np.nan, 2, against="a bound")


def test_the_first_false_case_is_named():
    with pytest.raises(CheckError, match=r"1\.21-f1 does not hold, n below 9: false for 3"):
        check_every("1.21-f1", lambda n: n < 3, range(9), against="n below 9")


SAME = np.ones(2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: check("f1", 1, 1.0, against="x"), "expected an id such as '1.8-f1', got 'f1'"),
        (lambda: check("1.8-f1", SAME, SAME, against="x"), "one object, which proves nothing"),
        (lambda: check("1.8-f1", [1, 1], 1, against="x"), r"shapes \(2,\) and \(\)"),
        (lambda: check("1.8-f1", [], [], against="x"), "non-empty"),
        (lambda: check_order("1.8-c1", SAME, SAME, against="x"), "one object"),
        (lambda: check_order("1.8-c1", [], [], against="x"), "at least one pair"),
        (lambda: check_order("c1", 1, 2, against="x"), "expected an id"),
        (lambda: check_every("1.8-c1", bool, [], against="x"), "at least one case"),
        (lambda: check_every("1-c1", bool, [1], against="x"), "expected an id"),
    ],
)
def test_a_check_that_cannot_fail_is_an_error(call, message):
    with pytest.raises(ValueError, match=message):
        call()

"""The checks of arguments: what they let through unchanged, and what they say otherwise."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from mlsheet.validation import (
    as_generator,
    check_array,
    check_between,
    check_count,
    check_positive,
    check_probabilities,
    check_square_matrix,
    check_symmetric_matrix,
)

finite = st.floats(-1e6, 1e6)


@given(arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=finite))
def test_finite_arrays_pass_unchanged(array):
    before = array.copy()
    checked = check_array(array, "X", ndim=array.ndim)
    np.testing.assert_array_equal(checked, before)
    np.testing.assert_array_equal(array, before)
    assert checked.dtype == np.float64


def test_integers_and_lists_become_floats():
    assert check_array([[1, 2]], "X").dtype == np.float64
    assert check_array(3, "x").shape == ()


@given(st.lists(st.floats(1e-3, 1), min_size=1, max_size=6))
def test_normalised_weights_are_probabilities(weights):
    p = np.array(weights) / np.sum(weights)
    np.testing.assert_array_equal(check_probabilities(p, "p"), p)


def test_probabilities_sum_along_the_axis_asked_for():
    columns = np.array([[0.25, 1.0], [0.75, 0.0]])
    np.testing.assert_array_equal(check_probabilities(columns, "P", axis=0), columns)
    with pytest.raises(ValueError, match=r"P: .* sum of 1\.25"):
        check_probabilities(columns, "P")


@pytest.mark.parametrize("error", [9e-10, -9e-10])
def test_rounding_in_a_sum_is_forgiven(error):
    check_probabilities([0.5, 0.5 + error], "p")


@pytest.mark.parametrize("error", [2e-9, -2e-9])
def test_more_than_rounding_is_not(error):
    with pytest.raises(ValueError, match="sum to 1"):
        check_probabilities([0.5, 0.5 + error], "p")


def test_the_worst_sum_is_the_one_reported():
    with pytest.raises(ValueError, match=re.escape("got a sum of 0.5")):
        check_probabilities([[0.5, 0.6], [0.25, 0.25], [0.5, 0.5]], "P")


@pytest.mark.parametrize(
    ("check", "arguments", "message"),
    [
        (check_array, ([], "X"), "X: expected at least one number, got shape (0,)"),
        (check_array, ([1, np.nan], "X"), "X: expected finite numbers, got NaN or infinity"),
        (check_array, ([-np.inf], "X"), "X: expected finite numbers, got NaN or infinity"),
        (check_square_matrix, ([1, 2], "A"), "A: expected an array with 2 axes, got shape (2,)"),
        (
            check_square_matrix,
            ([[[1]]], "A"),
            "A: expected an array with 2 axes, got shape (1, 1, 1)",
        ),
        (
            check_square_matrix,
            ([[1, 2, 3], [4, 5, 6]], "A"),
            "A: expected a square matrix, got shape (2, 3)",
        ),
        (
            check_probabilities,
            (1.0, "p"),
            "p: expected an array of probabilities, got a single number",
        ),
        (check_probabilities, ([1.5, -0.5], "p"), "p: expected probabilities >= 0, got -0.5"),
        (check_probabilities, ([np.nan, 1], "p"), "p: expected finite numbers"),
        (check_positive, (0, "sigma"), "sigma: expected numbers > 0, got 0"),
        (check_positive, ([2, -3], "sigma"), "sigma: expected numbers > 0, got -3"),
        (check_positive, (np.inf, "sigma"), "sigma: expected finite numbers"),
        (check_count, (0, "k"), "k: expected a whole number of at least 1, got 0"),
        (check_count, (2.0, "k"), "k: expected a whole number of at least 1, got 2.0"),
        (check_count, (True, "k"), "k: expected a whole number of at least 1, got True"),
        (check_symmetric_matrix, ([[1, 2], [3, 1]], "A"), "A: expected a symmetric matrix"),
        (check_symmetric_matrix, ([[1, 2]], "A"), "A: expected a square matrix, got shape (1, 2)"),
        (check_between, (-0.1, "x", 0), "x: expected a number of at least 0, got -0.1"),
        (check_between, (1.5, "x", 0, 1), "x: expected a number from 0 to 1, got 1.5"),
        (check_between, (np.inf, "x", 0), "x: expected a number of at least 0, got inf"),
        (check_between, (np.nan, "x", 0, 1), "x: expected a number from 0 to 1, got nan"),
        (check_between, ([0.5], "x", 0, 1), "x: expected a number from 0 to 1, got [0.5]"),
        (as_generator, (None,), "rng: expected a numpy.random.Generator or a seed >= 0, got None"),
        (as_generator, (-1,), "rng: expected a numpy.random.Generator or a seed >= 0, got -1"),
        (as_generator, (True,), "rng: expected a numpy.random.Generator or a seed >= 0, got True"),
        (as_generator, (0.5,), "rng: expected a numpy.random.Generator or a seed >= 0, got 0.5"),
    ],
)
def test_bad_input_is_named(check, arguments, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        check(*arguments)


def test_square_and_positive_arrays_pass():
    np.testing.assert_array_equal(check_square_matrix([[1, 2], [3, 4]], "A"), [[1, 2], [3, 4]])
    np.testing.assert_array_equal(check_positive([1e-300, 2], "sigma"), [1e-300, 2])


@pytest.mark.parametrize("value", [2, np.int64(2)])
def test_counts_pass_up_to_both_ends(value):
    count = check_count(value, "k", minimum=2, maximum=2)
    assert (count, type(count)) == (2, int)


@pytest.mark.parametrize("value", [1, 4])
def test_counts_beyond_an_end_are_named(value):
    with pytest.raises(ValueError, match=f"^k: expected a whole number from 2 to 3, got {value}$"):
        check_count(value, "k", minimum=2, maximum=3)


@pytest.mark.parametrize("value", [0, 0.5, 1])
def test_numbers_pass_up_to_both_ends_unless_strict(value):
    assert check_between(value, "p", 0, 1) == value
    if value == 0.5:
        assert check_between(value, "p", 0, 1, strict=True) == value
    else:
        message = f"^p: expected a number strictly between 0 and 1, got {value}$"
        with pytest.raises(ValueError, match=message):
            check_between(value, "p", 0, 1, strict=True)


def test_a_strict_number_without_an_upper_end_is_above_the_lower():
    assert check_between(1e-9, "x", 0, strict=True) == 1e-9
    with pytest.raises(ValueError, match=r"^x: expected a number above 0, got 0$"):
        check_between(0, "x", 0, strict=True)


def test_rounding_does_not_make_a_matrix_asymmetric():
    A = np.array([[2.0, 1e8], [1e8 * (1 + 1e-15), 3.0]])
    np.testing.assert_array_equal(check_symmetric_matrix(A, "A"), A)


def test_a_generator_is_used_as_it_is_and_a_seed_starts_the_same_one():
    generator = np.random.default_rng(7)
    assert as_generator(generator) is generator
    np.testing.assert_array_equal(as_generator(7).random(3), generator.random(3))
    np.testing.assert_array_equal(
        as_generator(np.int64(7)).random(3), np.random.default_rng(7).random(3)
    )

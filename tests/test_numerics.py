"""The shared numerical pieces, against scipy and against what must hold."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from mlsheet.numerics import pairwise_squared_distances

seeds = st.integers(0, 2**32 - 1)


def points(seed, n=7, m=4, d=3):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)), rng.normal(size=(m, d))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_distances_equal_scipys(seed):
    X, Y = points(seed)
    expected = cdist(X, Y, "sqeuclidean")
    np.testing.assert_allclose(pairwise_squared_distances(X, Y), expected, rtol=1e-10)


def test_inputs_are_not_modified():
    X, Y = points(0)
    before = X.copy(), Y.copy()
    pairwise_squared_distances(X, Y)
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(Y, before[1])


@given(seeds)
def test_distances_are_symmetric_never_negative_and_scale_with_the_square(seed):
    X, Y = points(seed)
    distances = pairwise_squared_distances(X, Y)
    assert (distances >= 0).all()
    np.testing.assert_allclose(distances, pairwise_squared_distances(Y, X).T, rtol=1e-9)
    np.testing.assert_allclose(9 * distances, pairwise_squared_distances(3 * X, 3 * Y), rtol=1e-9)


@given(seeds)
def test_far_from_the_origin_no_digit_is_lost_to_cancellation(seed):
    X, Y = points(seed)
    offset = 1e6
    far = pairwise_squared_distances(X + offset, Y + offset)
    np.testing.assert_allclose(far, cdist(X, Y, "sqeuclidean"), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("seed", range(5))
def test_rounding_never_makes_the_distance_of_a_point_from_itself_negative(seed):
    X, _ = points(seed, n=50)
    distances = np.diag(pairwise_squared_distances(X, X))
    assert (distances >= 0).all()
    np.testing.assert_allclose(distances, 0, atol=1e-13)


@pytest.mark.parametrize(
    ("X", "Y", "message"),
    [
        ([[1, 2]], [[1, 2, 3]], "Y: expected 2 columns as X has, got 3"),
        ([1, 2], [[1, 2]], "X: expected an array with 2 axes, got shape (2,)"),
        ([[1, 2]], [[1, np.nan]], "Y: expected finite numbers"),
    ],
)
def test_bad_input_is_named(X, Y, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        pairwise_squared_distances(X, Y)

"""Synthetic data against the truth they are drawn from."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.datasets import make_moons

from mlsheet.data.synthetic import blobs, moons

CENTERS = [[0.0, 0.0, 5.0], [9.0, -9.0, 0.0]]


def test_blobs_have_their_centers_and_spreads():
    n, std = 20_000, np.array([0.5, 2.0])
    X, labels = blobs(n, CENTERS, std, rng=0)
    for blob in (0, 1):
        points = X[labels == blob]
        error = std[blob] / np.sqrt(len(points))
        assert np.abs(points.mean(axis=0) - CENTERS[blob]).max() < 5 * error
        assert np.abs(points.std(axis=0) - std[blob]).max() < 5 * error


def test_blobs_share_the_points_evenly():
    _, labels = blobs(7, CENTERS, 1.0, rng=0)
    assert np.bincount(labels).tolist() == [4, 3]


def test_the_noise_stays_when_centers_and_spread_change():
    X, labels = blobs(9, CENTERS, 1.0, rng=3)
    wider, _ = blobs(9, np.array(CENTERS) + 1, 2.0, rng=3)
    centers = np.array(CENTERS)[labels]
    assert_allclose(wider - (centers + 1), 2 * (X - centers))


def test_moons_lie_where_scikit_learn_has_them():
    for n in (2, 7, 30):
        X, labels = moons(n, rng=0)
        expected, classes = make_moons(n, shuffle=False)
        assert_allclose(X, expected, atol=1e-15)
        assert labels.tolist() == classes.tolist()


def test_moons_are_as_noisy_as_they_should_be():
    noise = moons(4000, 0.2, rng=1)[0] - moons(4000, rng=1)[0]
    assert abs(noise.std() - 0.2) < 5 * 0.2 / np.sqrt(2 * noise.size)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: blobs(0, CENTERS, 1.0, rng=0), "n: "),
        (lambda: blobs(5, [0.0, 1.0], 1.0, rng=0), "centers: expected an array with 2 axes"),
        (lambda: blobs(5, CENTERS, 0.0, rng=0), "std: expected numbers > 0"),
        (lambda: blobs(5, CENTERS, [1.0, 2.0, 3.0], rng=0), "std: expected one number or 2"),
        (lambda: blobs(5, CENTERS, 1.0, rng=None), "rng: "),
        (lambda: moons(1, rng=0), "n: "),
        (lambda: moons(4, -0.1, rng=0), "noise: expected a number of at least 0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()

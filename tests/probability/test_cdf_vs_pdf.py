"""Distribution functions and densities against scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats
from scipy.integrate import quad
from scipy.special import ndtr, ndtri

from mlsheet.notebook.practice.cdf_vs_pdf import ecdf_at
from mlsheet.notebook.practice.grading import grade_result
from mlsheet.probability.cdf_vs_pdf import (
    cdf_from_pdf,
    dkw_band,
    ecdf,
    inverse_transform_sample,
    pdf_from_cdf,
    sup_distance,
)

SAMPLES = st.lists(st.integers(-5, 5), min_size=1, max_size=15)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_ecdf_is_scipys_with_and_without_ties(seed):
    x = np.random.default_rng(seed).normal(size=37)
    for sample in (x, x.round(1), x[:1]):
        points, F = ecdf(sample)
        oracle = stats.ecdf(sample).cdf
        assert_array_equal(points, oracle.quantiles)
        assert_allclose(F, oracle.probabilities, rtol=1e-14)


@given(SAMPLES)
def test_ecdf_rises_to_1_and_counts_what_is_at_most_each_point(sample):
    points, F = ecdf(sample)
    assert (np.diff(F) > 0).all()
    assert F[-1] == 1
    assert_allclose(F, [np.mean([value <= t for value in sample]) for t in points], rtol=1e-14)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("law", [stats.norm(0.3, 1.2), stats.expon(), stats.uniform(-1, 3)])
def test_distance_is_scipys_kolmogorov_smirnov_statistic(seed, law):
    x = np.random.default_rng(seed).normal(0.1, 1.0, 23)
    assert_allclose(sup_distance(x, law.cdf), stats.kstest(x, law.cdf).statistic, rtol=1e-12)


@given(SAMPLES, st.integers(1, 6))
def test_distance_to_a_step_function_by_brute_force(sample, sides):
    def die(t):
        return np.clip(np.floor(t), 0, sides) / sides

    t = np.arange(-6, 8, 0.25)
    brute = np.abs(ecdf_at(np.array(sample), t) - die(t)).max()
    assert sup_distance(sample, die) == pytest.approx(brute, abs=1e-12)


def test_a_sample_has_no_distance_from_itself():
    x = np.random.default_rng(3).normal(size=11).round(1)
    assert sup_distance(x, lambda t: ecdf_at(x, t)) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize(("n", "level"), [(1, 0.5), (50, 0.95), (5000, 0.99)])
def test_band_solves_the_inequality(n, level):
    assert 2 * np.exp(-2 * n * dkw_band(n, level) ** 2) == pytest.approx(1 - level, rel=1e-12)


@pytest.mark.parametrize("n", [5, 50, 500])
def test_band_holds_with_at_least_its_level(n):
    covered = stats.kstwo(n).cdf(dkw_band(n, 0.9))
    assert 0.9 <= covered < 0.95


@pytest.mark.parametrize(
    "law", [stats.norm(0, 0.1), stats.expon(), stats.beta(2, 5), stats.binom(7, 0.3)]
)
def test_quantiles_of_uniform_numbers_follow_the_law(law):
    x = inverse_transform_sample(law.ppf, size=20_000, rng=1)
    assert x.shape == (20_000,)
    assert sup_distance(x, law.cdf) < dkw_band(20_000, 1 - 1e-4)


@pytest.mark.parametrize("law", [stats.norm(0, 0.1), stats.expon(), stats.beta(2, 5)])
def test_distribution_function_makes_its_own_draws_uniform(law):
    u = law.cdf(law.rvs(size=5000, random_state=2))
    assert sup_distance(u, lambda t: np.clip(t, 0, 1)) < dkw_band(5000, 1 - 1e-4)


@given(st.floats(1e-12, 1 - 1e-12))
def test_quantile_function_inverts(probability):
    assert ndtr(ndtri(probability)) == pytest.approx(probability, rel=1e-10)


def test_slope_of_a_distribution_function_is_its_density():
    grid = np.linspace(-6, 5, 2201)
    assert_allclose(pdf_from_cdf(ndtr, grid), stats.norm.pdf(grid), atol=1e-5)
    uneven = np.array([0.0, 0.1, 0.5, 0.6, 1.0])
    assert_allclose(pdf_from_cdf(np.square, uneven), 2 * uneven, rtol=1e-12, atol=1e-13)


def test_differences_are_of_second_order():
    errors = []
    for m in (101, 201):
        grid = np.linspace(-3, 2, m)
        errors.append(np.abs(pdf_from_cdf(ndtr, grid) - stats.norm.pdf(grid))[1:-1].max())
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.02)


def test_area_under_a_density_is_its_distribution_function():
    grid = np.linspace(-8, 5, 1301)
    areas = cdf_from_pdf(stats.norm.pdf, grid)
    assert_allclose(areas, ndtr(grid), atol=1e-9)
    exact = [quad(stats.norm.pdf, -np.inf, b)[0] for b in grid[::100]]
    assert_allclose(areas[::100], exact, atol=1e-9)


def test_there_and_back():
    grid = np.linspace(0, 4, 801)
    there = cdf_from_pdf(stats.expon.pdf, grid)
    assert_allclose(pdf_from_cdf(lambda _: there, grid), np.exp(-grid), atol=3e-5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ecdf([]), "x: "),
        (lambda: ecdf([0.0, np.nan]), "x: "),
        (lambda: sup_distance([[0.0]], ndtr), "x: "),
        (lambda: sup_distance([0.0], lambda t: t * np.nan), "cdf: expected finite"),
        (lambda: dkw_band(0, 0.9), "n: "),
        (lambda: dkw_band(10, 1.0), "level: "),
        (lambda: inverse_transform_sample(ndtri, size=0, rng=0), "size: "),
        (lambda: inverse_transform_sample(ndtri, size=3, rng=None), "rng: "),
        (lambda: inverse_transform_sample(lambda u: 1.0, size=3, rng=0), "ppf: expected values of"),
        (lambda: inverse_transform_sample(lambda u: u + np.inf, size=3, rng=0), "ppf: "),
        (lambda: pdf_from_cdf(lambda t: t[1:], [0.0, 1.0, 2.0]), "cdf: expected values of shape"),
        (lambda: cdf_from_pdf(lambda t: t + np.inf, [0.0, 1.0, 2.0]), "pdf: expected finite"),
        (lambda: pdf_from_cdf(ndtr, [0.0, 1.0]), "grid: expected three increasing"),
        (lambda: pdf_from_cdf(ndtr, [0.0, 1.0, 1.0]), "grid: expected three increasing"),
        (lambda: cdf_from_pdf(ndtr, [2.0, 1.0, 0.0]), "grid: expected three increasing"),
        (lambda: cdf_from_pdf(ndtr, [0.0, np.inf, 1.0]), "grid: expected finite"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def strictly_below(x, t):
    return (x < t[:, None]).mean(axis=1)


def without_ties(x, t):
    return ecdf_at(np.unique(x), t)


def counts(x, t):
    return (x <= t[:, None]).sum(axis=1)


def above(x, t):
    return (x > t[:, None]).mean(axis=1)


def unsorted_search(x, t):
    return np.searchsorted(x, t, side="right") / len(x)


def interpolated(x, t):
    return np.interp(t, np.sort(x), np.arange(1, len(x) + 1) / len(x), left=0)


def by_search(x, t):
    return np.searchsorted(np.sort(x), t, side="right") / len(x)


@pytest.mark.parametrize("right", [ecdf_at, by_search])
def test_exercise_accepts(right):
    assert grade_result("cdf_vs_pdf", right).passed


@pytest.mark.parametrize(
    "wrong", [strictly_below, without_ties, counts, above, unsorted_search, interpolated]
)
def test_exercise_rejects(wrong):
    report = grade_result("cdf_vs_pdf", wrong)
    assert report.attempted
    assert not report.passed

"""Kernel density estimates against scipy, scikit-learn and closed forms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats
from scipy.integrate import quad
from sklearn.neighbors import KernelDensity

from mlsheet.notebook.practice.grading import grade_result
from mlsheet.notebook.practice.kernel_density_estimation import reflected_kde
from mlsheet.probability.kernel_density_estimation import (
    KERNELS,
    count_modes,
    kde,
    log_kde,
    loo_cv_bandwidth,
    mixture_mise,
    scott_bandwidth,
    silverman_bandwidth,
)

SKLEARN = {
    "gaussian": "gaussian",
    "epanechnikov": "epanechnikov",
    "triangular": "linear",
    "uniform": "tophat",
}
SPREADS = {"gaussian": 1, "epanechnikov": 1 / 5, "triangular": 1 / 6, "uniform": 1 / 3}


def sample(seed, n=23):
    return np.random.default_rng(seed).normal(2, 1.7, n)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("kernel", KERNELS)
def test_estimate_is_scikit_learns(kernel, seed):
    x, grid = sample(seed), np.linspace(-3, 7, 41)
    model = KernelDensity(bandwidth=0.6, kernel=SKLEARN[kernel], rtol=1e-12).fit(x[:, None])
    expected = np.exp(model.score_samples(grid[:, None]))
    assert_allclose(kde(x, grid, 0.6, kernel), expected, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_gaussian_estimate_is_scipys(seed):
    x, grid = sample(seed), np.linspace(-3, 7, 17)
    model = stats.gaussian_kde(x, bw_method=0.6 / x.std(ddof=1))
    assert_allclose(kde(x, grid, 0.6), model(grid), rtol=1e-10)
    assert_allclose(log_kde(x, grid, 0.6), model.logpdf(grid), rtol=1e-10)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_rules_of_thumb_are_scipys(seed):
    x = sample(seed)
    deviation = x.std(ddof=1)
    silverman, scott = (stats.gaussian_kde(x, rule).factor for rule in ("silverman", "scott"))
    assert_allclose(silverman_bandwidth(x), silverman * deviation, rtol=1e-12)
    assert_allclose(scott_bandwidth(x), scott * deviation, rtol=1e-12)


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_kernel_is_symmetric_with_area_1_and_the_spread_it_should_have(kernel):
    K, u = KERNELS[kernel], np.linspace(-2, 2, 101)
    assert_allclose(K(u), K(-u), rtol=1e-12)
    assert (K(u) >= 0).all()
    end = 40 if kernel == "gaussian" else 1
    moments = [2 * quad(lambda t, k=k: t**k * float(K(np.array(t))), 0, end)[0] for k in (0, 2)]
    assert_allclose(moments, [1, SPREADS[kernel]], rtol=1e-7)


@pytest.mark.parametrize("h", [0.1, 0.7, 5])
@pytest.mark.parametrize("kernel", KERNELS)
def test_moments_of_the_estimate(kernel, h):
    x, grid = sample(3), np.linspace(-60, 60, 600_001)
    density = kde(x[:5], grid, h, kernel)
    area, mean = (np.trapezoid(density * grid**k, grid) for k in (0, 1))
    variance = np.trapezoid(density * (grid - mean) ** 2, grid)
    expected = [1, x[:5].mean(), x[:5].var() + SPREADS[kernel] * h**2]
    assert_allclose([area, mean, variance], expected, rtol=2e-3)


@given(st.floats(-5, 5), st.floats(0.2, 4), st.sampled_from(["gaussian", "epanechnikov"]))
def test_estimate_moves_and_stretches_with_the_data(shift, scale, kernel):
    x, grid = sample(4), np.linspace(-1, 5, 9)
    moved = kde(scale * x + shift, scale * grid + shift, scale * 0.6, kernel)
    assert_allclose(moved, kde(x, grid, 0.6, kernel) / scale, rtol=1e-6, atol=1e-12)


def test_wide_bumps_are_flat_and_narrow_ones_are_spikes():
    x = sample(5)
    assert np.ptp(kde(x, x, 1e4)) < 1e-9
    assert_allclose(kde(x, x, 1e-6), 1 / (len(x) * 1e-6 * np.sqrt(2 * np.pi)), rtol=1e-10)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("kernel", KERNELS)
def test_leave_one_out_score_is_a_loop_over_points(kernel, seed):
    x, hs = sample(seed, 11), [4.5, 6.0]
    h, scores = loo_cv_bandwidth(x, hs, kernel)
    loops = [
        [np.log(kde(np.delete(x, i), [x[i]], h, kernel)[0]) for i in range(len(x))] for h in hs
    ]
    assert_allclose(scores, np.mean(loops, axis=1), rtol=1e-10)
    assert h == hs[int(np.argmax(scores))]


def test_leaving_out_punishes_needles_that_the_sample_itself_would_praise():
    x, hs = sample(6, 101), np.geomspace(0.001, 10, 30)
    h, scores = loo_cv_bandwidth(x, hs)
    assert 0.2 < h < 2
    assert np.isfinite(scores).all()
    praise = [log_kde(x, x, h).mean() for h in hs]
    assert np.argmax(praise) == 0


def test_a_compact_kernel_that_misses_a_point_scores_minus_infinity():
    h, scores = loo_cv_bandwidth([0.0, 1.0, 5.0], [2.0, 4.5], "uniform")
    assert h == 4.5
    assert np.isneginf(scores[0])
    assert np.isfinite(scores[1])


def test_far_tails_keep_their_logarithm():
    assert_allclose(log_kde([0.0, 1.0], [101.0], 1.0), -5000 - np.log(2 * np.sqrt(2 * np.pi)))


@pytest.mark.parametrize(("h", "n"), [(0.2, 31), (0.9, 50)])
def test_exact_error_is_that_of_many_samples(h, n):
    centers, sd, grid = np.array([-1.0, 0.5, 3.0]), 0.7, np.linspace(-7, 9, 401)
    rng = np.random.default_rng(0)
    samples = rng.choice(centers, (3000, n)) + sd * rng.standard_normal((3000, n))
    estimates = np.array([kde(x, grid, h) for x in samples])
    truth, mean = kde(centers, grid, sd), kde(centers, grid, np.hypot(sd, h))
    squared_bias, variance = mixture_mise(centers, sd, h, n)
    assert_allclose(squared_bias, np.trapezoid((mean - truth) ** 2, grid), rtol=1e-8)
    spreads = np.trapezoid((estimates - mean) ** 2, grid, axis=1)
    assert abs(spreads.mean() - variance) < 5 * spreads.std() / np.sqrt(3000)


@pytest.mark.parametrize(
    ("curve", "modes"), [([0, 1, 0], 1), ([0, 2, 2, 1, 3, 0], 2), ([1, 0, 1], 0), ([2], 0)]
)
def test_modes_are_counted(curve, modes):
    assert count_modes(curve) == modes


@pytest.mark.parametrize(("h", "modes"), [(1.37, 2), (1.38, 1)])
def test_two_normals_merge_where_their_spread_reaches_half_their_distance(h, modes):
    grid = np.linspace(-8, 8, 4001)
    assert count_modes(kde([-1.5, 1.5], grid, np.hypot(0.6, h))) == modes


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kde([], [0.0], 1), "x: "),
        (lambda: kde([0.0], [np.nan], 1), "grid: "),
        (lambda: kde([0.0], [0.0], 0), "h: "),
        (lambda: kde([0.0], [0.0], 1, "cosine"), "kernel: expected one of gaussian"),
        (lambda: log_kde([0.0], [0.0], -1), "h: "),
        (lambda: silverman_bandwidth([1.0]), "the size of x: "),
        (lambda: scott_bandwidth([1.0, 1.0]), "the deviation of x: "),
        (lambda: loo_cv_bandwidth([1.0], [1.0]), "the size of x: "),
        (lambda: loo_cv_bandwidth([1.0, 2.0], [0.0]), "hs: expected numbers > 0"),
        (lambda: loo_cv_bandwidth([1.0, 2.0], [1.0], "cosine"), "kernel: "),
        (lambda: loo_cv_bandwidth([1.0, 2.0], [0.3], "uniform"), "hs: expected one that spans"),
        (lambda: mixture_mise([np.nan], 1, 1, 5), "centers: "),
        (lambda: mixture_mise([0.0], 0, 1, 5), "sd: "),
        (lambda: mixture_mise([0.0], 1, 0, 5), "h: "),
        (lambda: mixture_mise([0.0], 1, 1, 0), "n: "),
        (lambda: count_modes([]), "density: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def without_mirror(x, t, h):
    return kde(x, t, h)


def renormalized(x, t, h):
    return (kde(x, t, h) + kde(x, -t, h)) / 2


def summed(x, t, h):
    return len(x) * reflected_kde(x, t, h)


def without_height(x, t, h):
    return h * reflected_kde(x, t, h)


def doubled(x, t, h):
    return 2 * kde(x, t, h)


def test_exercise_accepts_the_reference():
    assert grade_result("kernel_density_estimation", reflected_kde).passed


@pytest.mark.parametrize("wrong", [without_mirror, renormalized, summed, without_height, doubled])
def test_exercise_rejects(wrong):
    report = grade_result("kernel_density_estimation", wrong)
    assert report.attempted
    assert not report.passed

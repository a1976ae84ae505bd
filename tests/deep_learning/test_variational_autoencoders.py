"""The bound against torch, scipy, brute-force integration and the linear model; the training."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats

from mlsheet.data.files import load_digits
from mlsheet.deep_learning.backpropagation import Tensor, gradient_check
from mlsheet.deep_learning.variational_autoencoders import (
    VAE,
    elbo,
    fit_vae,
    initial_vae,
    iwae_bound,
    kl_standard_normal,
    linear_gaussian_elbo,
    linear_gaussian_evidence,
    linear_gaussian_posterior,
    log_likelihood,
    reparameterize,
)
from mlsheet.notebook.practice import grade_result
from mlsheet.notebook.practice.variational_autoencoders import one_sample_elbo
from mlsheet.probability.kl_divergence import kl_multivariate_normal, kl_normal

N, D, H, K = 7, 5, 4, 3
SHAPES = [(D, H), (H,), (H, 2 * K), (2 * K,), (K, H), (H,), (H, D), (D,)]
GREY = np.linspace(0, 1, N * D).reshape(N, D)
BLACK_OR_WHITE = (np.arange(N * D) % 2.0).reshape(N, D)
NOISE = np.linspace(-2, 2, N * K).reshape(N, K)


def bound(*weights, sigma2=0.3, beta=2.0):
    return elbo(VAE(weights[:4], weights[4:], sigma2), GREY, NOISE, beta=beta)[0]


def linear_problem(seed):
    """Return a random linear decoder of five pixels and two hidden numbers, and an observation."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(D, 2)), 0.4, rng.normal(size=D)


def some_q(seed):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(2, 2))
    return rng.normal(size=2), root @ root.T + 0.1 * np.eye(2)


# torch says the same, of values and of gradients.


def test_torch_says_the_same_of_the_divergence(torch_oracle):
    torch_oracle("kl_standard_normal", kl_standard_normal, [(N, K)] * 2)


def test_torch_says_the_same_of_the_likelihoods(torch_oracle):
    torch_oracle("normal_log_likelihood", lambda x: log_likelihood(GREY, x, 0.3), [(N, D)])
    torch_oracle(
        "bernoulli_log_likelihood", lambda x: log_likelihood(BLACK_OR_WHITE, x, None), [(N, D)]
    )


def test_torch_says_the_same_of_the_bound(torch_oracle):
    torch_oracle("elbo", bound, SHAPES)


@pytest.mark.parametrize("sigma2", [0.3, None])
def test_gradients_pass_through_the_codes(sigma2):
    rng = np.random.default_rng(3)
    weights = [rng.normal(size=shape) for shape in SHAPES]
    assert gradient_check(lambda *w: bound(*w, sigma2=sigma2).mean(), weights) < 1e-7


# The parts.


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_likelihoods_are_scipys(seed):
    output = np.random.default_rng(seed).normal(size=(N, D))
    expected = stats.norm(output, 0.3**0.5).logpdf(GREY).sum(axis=1)
    assert_allclose(log_likelihood(GREY, output, 0.3).value, expected, rtol=1e-10)
    probabilities = 1 / (1 + np.exp(-output))
    expected = stats.bernoulli(probabilities).logpmf(BLACK_OR_WHITE).sum(axis=1)
    assert_allclose(log_likelihood(BLACK_OR_WHITE, output, None).value, expected, rtol=1e-10)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_divergence_is_the_sum_over_coordinates_of_the_one_between_normals(seed):
    mean, log_variance = np.random.default_rng(seed).normal(size=(2, N, K))
    expected = kl_normal(mean, np.exp(log_variance / 2), 0.0, 1.0).sum(axis=1)
    assert_allclose(kl_standard_normal(mean, log_variance).value, expected, rtol=1e-10)


@given(st.floats(-5, 5), st.floats(-8, 4))
def test_divergence_is_zero_for_the_prior_alone(mean, log_variance):
    kl = kl_standard_normal([[mean, 0.0]], [[log_variance, 0.0]]).value.item()
    size = mean**2 + min(log_variance**2, 1.0)
    assert kl >= 0.1 * size if size > 1e-6 else abs(kl) < 1e-6


def test_codes_have_the_encoders_mean_and_variance():
    n = 40_000
    mean, log_variance = np.tile([1.5, -2.0], (n, 1)), np.tile([-1.0, 0.5], (n, 1))
    noise = np.random.default_rng(0).normal(size=(n, 2))
    z, variance = reparameterize(mean, log_variance, noise).value, np.exp(log_variance[0])
    assert (np.abs(z.mean(axis=0) - mean[0]) < 5 * np.sqrt(variance / n)).all()
    assert (np.abs(z.var(axis=0) / variance - 1) < 5 * np.sqrt(2 / n)).all()


def test_codes_follow_the_noise():
    assert_allclose(reparameterize([[1.0]], [[np.log(9.0)]], [[-2.0]]).value, [[-5.0]], rtol=1e-12)


def test_the_bound_is_its_terms():
    model = initial_vae(D, H, K, sigma2=0.3, rng=0)
    total, reconstruction, kl = (part.value for part in elbo(model, GREY, NOISE, beta=3.0))
    assert_allclose(total, reconstruction - 3 * kl, rtol=1e-12)
    mean, log_variance = model.encode(GREY)
    assert_allclose(kl, kl_standard_normal(mean, log_variance).value, rtol=1e-12)
    codes = reparameterize(mean, log_variance, NOISE)
    expected = log_likelihood(GREY, model.decode(codes), 0.3).value
    assert_allclose(reconstruction, expected, rtol=1e-12)


def test_a_beta_is_a_variance_in_disguise():
    rng = np.random.default_rng(1)
    weights = [Tensor(rng.normal(size=shape)) for shape in SHAPES]
    beta, constant = 4.0, np.log(2 * np.pi) * D / 2
    ours = bound(*weights, sigma2=0.2, beta=beta).value + np.log(0.2) * D / 2 + constant
    same = bound(*weights, sigma2=0.2 * beta, beta=1.0).value + np.log(0.8) * D / 2 + constant
    assert_allclose(ours, beta * same, rtol=1e-10)


def test_a_new_model_starts_as_documented():
    model = initial_vae(300, 200, 2, sigma2=None, rng=0)
    shapes = [part.shape for part in model.encoder + model.decoder]
    assert shapes == [(300, 200), (200,), (200, 4), (4,), (2, 200), (200,), (200, 300), (300,)]
    assert not any(bias.value.any() for bias in (*model.encoder[1::2], *model.decoder[1::2]))
    assert abs(model.encoder[0].value.var() * 300 - 1) < 0.03
    assert abs(model.decoder[2].value.var() * 200 - 1) < 0.03


def test_huge_log_variances_are_limited():
    model = initial_vae(D, H, K, sigma2=1.0, rng=0)
    shift = Tensor(np.array([0.0] * K + [1e4] * K))
    loud = VAE((*model.encoder[:3], shift), model.decoder, 1.0)
    assert loud.encode(GREY)[1].value.max() == 10
    assert np.isfinite(elbo(loud, GREY, NOISE)[0].value).all()


# The linear model, in which log p(x) is known.


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_evidence_is_scipys_and_the_integral_over_all_codes(seed):
    W, sigma2, x = linear_problem(seed)
    ours = linear_gaussian_evidence(W, sigma2, x)
    covariance = W @ W.T + sigma2 * np.eye(D)
    assert_allclose(ours, stats.multivariate_normal(np.zeros(D), covariance).logpdf(x), rtol=1e-10)
    axis = np.linspace(-9, 9, 361)
    z = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    joint = stats.norm.logpdf(z).sum(axis=1)
    joint += stats.norm(0, sigma2**0.5).logpdf(x - z @ W.T).sum(axis=1)
    assert_allclose(ours, np.log(np.exp(joint).sum() * (axis[1] - axis[0]) ** 2), rtol=1e-10)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_bound_and_gap_add_up_to_the_evidence(seed):
    W, sigma2, x = linear_problem(seed)
    mean, covariance = some_q(seed + 10)
    reconstruction, kl = linear_gaussian_elbo(W, sigma2, x, mean, covariance)
    gap = kl_multivariate_normal(mean, covariance, *linear_gaussian_posterior(W, sigma2, x))
    assert gap > 0
    assert_allclose(reconstruction - kl + gap, linear_gaussian_evidence(W, sigma2, x), rtol=1e-10)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_posterior_closes_the_gap_and_is_bayes_rule(seed):
    W, sigma2, x = linear_problem(seed)
    mean, covariance = linear_gaussian_posterior(W, sigma2, x)
    reconstruction, kl = linear_gaussian_elbo(W, sigma2, x, mean, covariance)
    evidence = linear_gaussian_evidence(W, sigma2, x)
    assert_allclose(reconstruction - kl, evidence, rtol=1e-10)
    z = np.array([0.3, -1.1])
    joint = stats.norm.logpdf(z).sum() + stats.norm(W @ z, sigma2**0.5).logpdf(x).sum()
    posterior = stats.multivariate_normal(mean, covariance).logpdf(z)
    assert_allclose(posterior, joint - evidence, rtol=1e-10)


def test_reconstruction_is_an_average_over_codes():
    W, sigma2, x = linear_problem(0)
    mean, covariance = some_q(1)
    z = np.random.default_rng(2).multivariate_normal(mean, covariance, size=40_000)
    draws = log_likelihood(np.tile(x, (len(z), 1)), z @ W.T, sigma2).value
    exact = linear_gaussian_elbo(W, sigma2, x, mean, covariance)[0]
    assert abs(draws.mean() - exact) < 5 * draws.std() / np.sqrt(len(z))


# Importance weights.


def test_one_importance_sample_is_the_bound_and_more_are_better():
    model = initial_vae(D, H, K, sigma2=0.3, rng=4)
    x = np.tile(GREY[:1], (20_000, 1))
    noise = np.random.default_rng(0).normal(size=(len(x), K))
    single = elbo(model, x, noise)[0].value
    means = [iwae_bound(model, x, samples, rng=1).mean() for samples in (1, 2, 8)]
    assert abs(single.mean() - means[0]) < 5 * np.sqrt(2 / len(x)) * single.std()
    assert means[0] < means[1] < means[2]


def test_importance_sampling_finds_the_evidence_of_a_nearly_linear_decoder():
    W, sigma2, x = linear_problem(1)
    tiny = 1e-4
    decoder = (
        Tensor(tiny * np.eye(2)),
        Tensor(np.zeros(2)),
        Tensor(W.T / tiny),
        Tensor(np.zeros(D)),
    )
    mean, covariance = linear_gaussian_posterior(W, sigma2, x)
    shift = np.concatenate([mean, np.log(2 * np.diag(covariance))])
    encoder = (Tensor(np.zeros((D, 1))), Tensor([0.0]), Tensor(np.zeros((1, 4))), Tensor(shift))
    bounds = iwae_bound(VAE(encoder, decoder, sigma2), np.tile(x, (100, 1)), 2000, rng=0)
    assert abs(bounds.mean() - linear_gaussian_evidence(W, sigma2, x)) < 0.01


# Training.


def digits():
    images, _ = load_digits()
    return images.reshape(len(images), 64) / 16


@pytest.fixture(scope="module")
def trained():
    """Train on digits with three weights of the divergence, with pixels as probabilities."""
    start = initial_vae(64, 48, 2, sigma2=None, rng=0)
    return {
        beta: fit_vae(start, digits(), n_steps=500, beta=beta, rng=1) for beta in (0.0, 0.1, 1, 4)
    }


def test_the_bound_is_best_where_it_is_the_goal(trained):
    noise = np.random.default_rng(2).normal(size=(1797, 2))
    values = {b: elbo(model, digits(), noise) for b, model in trained.items()}
    totals = {b: total.value.mean() for b, (total, _, _) in values.items()}
    divergences = [kl.value.mean() for _, _, kl in values.values()]
    assert totals[1] > max(totals[0.1], totals[4]) + 0.1
    assert divergences == sorted(divergences, reverse=True)
    assert divergences[-1] < 0.05


def test_a_collapsed_encoder_says_the_same_of_every_image(trained):
    mean, _ = trained[4].encode(digits())
    assert (mean.value.var(axis=0) < 0.01).all()
    assert (trained[1].encode(digits())[0].value.var(axis=0) > 0.5).all()


def test_training_raises_the_bound_and_leaves_its_start_alone():
    X, start = digits()[:200], initial_vae(64, 8, 2, sigma2=0.1, rng=0)
    before = [part.value.copy() for part in start.encoder]
    noise = np.zeros((200, 2))
    model = fit_vae(start, X, n_steps=100, rng=0)
    assert elbo(model, X, noise)[0].value.mean() > elbo(start, X, noise)[0].value.mean() + 10
    for part, kept in zip(start.encoder, before, strict=True):
        assert (part.value == kept).all()


def test_training_repeats_itself():
    start = initial_vae(64, 8, 2, sigma2=0.1, rng=0)
    runs = [fit_vae(start, digits(), n_steps=5, rng=seed) for seed in (1, 1, 2)]
    ours, again, other = (run.decoder[0].value for run in runs)
    assert (ours == again).all()
    assert (ours != other).any()


MODEL = initial_vae(D, H, K, sigma2=1.0, rng=0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: MODEL.encode([1.0]), "x: expected an array with 2 axes"),
        (lambda: MODEL.decode([[np.nan] * K]), "z: expected finite numbers"),
        (lambda: reparameterize(NOISE, NOISE, NOISE[:2]), r"noise: expected mean's shape \(7, 3\)"),
        (lambda: reparameterize(NOISE, NOISE[:1], NOISE), "log_variance: expected mean's shape"),
        (lambda: reparameterize(NOISE, NOISE, np.nan * NOISE), "noise: expected finite numbers"),
        (lambda: kl_standard_normal(NOISE, NOISE[:, :1]), "log_variance: expected mean's shape"),
        (lambda: kl_standard_normal([1.0], [1.0]), "mean: expected an array with 2 axes"),
        (lambda: log_likelihood(GREY, GREY[:2], 1.0), r"output: expected shape \(7, 5\)"),
        (lambda: log_likelihood(GREY, GREY, 0.0), "sigma2: expected a number above 0"),
        (lambda: log_likelihood(GREY, np.nan * GREY, 1.0), "output: expected finite numbers"),
        (lambda: elbo(MODEL, GREY, NOISE[:, :2]), "noise: expected"),
        (lambda: elbo(MODEL, GREY, NOISE, beta=np.nan), "beta: expected a number of at least 0"),
        (lambda: initial_vae(0, H, K, sigma2=1.0, rng=0), "n_visible: "),
        (lambda: initial_vae(D, 0, K, sigma2=1.0, rng=0), "n_hidden: "),
        (lambda: initial_vae(D, H, 0, sigma2=1.0, rng=0), "n_latent: "),
        (lambda: initial_vae(D, H, K, sigma2=-1.0, rng=0), "sigma2: expected a number above 0"),
        (lambda: fit_vae(MODEL, GREY, n_steps=0, rng=0), "n_steps: "),
        (lambda: fit_vae(MODEL, GREY, n_steps=1, rng=0, batch_size=0), "batch_size: "),
        (lambda: fit_vae(MODEL, GREY, n_steps=1, rng=0, beta=-1.0), "beta: expected a number of"),
        (lambda: fit_vae(MODEL, [[np.nan]], n_steps=1, rng=0), "X: expected finite numbers"),
        (lambda: iwae_bound(MODEL, GREY, 0, rng=0), "n_samples: "),
        (lambda: linear_gaussian_evidence(np.eye(3), 1.0, [1.0]), "x: expected 3 numbers"),
        (lambda: linear_gaussian_posterior(np.eye(3), 0.0, np.ones(3)), "sigma2: "),
        (
            lambda: linear_gaussian_elbo(np.eye(2), 1.0, [1, 2], [0], np.eye(2)),
            "mean: expected 2 numbers as W has columns, got 1",
        ),
        (
            lambda: linear_gaussian_elbo(np.eye(2), 1.0, [1, 2], [0, 0], [[1, 2], [2, 1]]),
            "covariance_p: expected a positive definite matrix",
        ),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def without_the_variance(x, decoded, mean, log_variance, sigma2):
    errors = ((x - decoded) ** 2).sum(axis=1)
    return -errors - kl_standard_normal(mean, log_variance).value


def without_the_constant(x, decoded, mean, log_variance, sigma2):
    errors = ((x - decoded) ** 2).sum(axis=1)
    return -errors / (2 * sigma2) - kl_standard_normal(mean, log_variance).value


def divergence_added(x, decoded, mean, log_variance, sigma2):
    kl = kl_standard_normal(mean, log_variance).value
    return one_sample_elbo(x, decoded, mean, log_variance, sigma2) + 2 * kl


def log_variance_taken_for_a_log_deviation(x, decoded, mean, log_variance, sigma2):
    return one_sample_elbo(x, decoded, mean, 2 * log_variance, sigma2)


def divergence_averaged_over_coordinates(x, decoded, mean, log_variance, sigma2):
    kl = kl_standard_normal(mean, log_variance).value
    return one_sample_elbo(x, decoded, mean, log_variance, sigma2) + kl - kl / mean.shape[1]


def averaged_over_images(*given):
    return one_sample_elbo(*given).mean()


def loss_instead_of_bound(*given):
    return -one_sample_elbo(*given)


def test_exercise_accepts_the_reference():
    assert grade_result("variational_autoencoders", one_sample_elbo).passed


@pytest.mark.parametrize(
    "wrong",
    [
        without_the_variance,
        without_the_constant,
        divergence_added,
        log_variance_taken_for_a_log_deviation,
        divergence_averaged_over_coordinates,
        averaged_over_images,
        loss_instead_of_bound,
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("variational_autoencoders", wrong)
    assert report.attempted
    assert not report.passed

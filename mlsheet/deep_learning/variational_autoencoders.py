r"""4.28 Variational Autoencoders (VAEs): an encoder, a decoder and one bound that trains both.

The last three functions treat the one model in which every quantity of the bound is known,
:math:`z \sim N(0, I)` and :math:`x = W z + \text{noise}`: they are what a VAE is held against.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.special import logsumexp

from mlsheet.deep_learning.activation_functions import softplus, tanh
from mlsheet.deep_learning.backpropagation import Operand, Tensor, grad
from mlsheet.deep_learning.optimizers import adam_start, adam_step
from mlsheet.probability.kl_divergence import kl_multivariate_normal
from mlsheet.validation import (
    FloatArray,
    as_generator,
    check_array,
    check_between,
    check_count,
)

LOG_VARIANCE_LIMIT = 10.0


@dataclass(frozen=True)
class VAE:
    """Two networks with one tanh layer each, and the law of a pixel.

    Parameters
    ----------
    encoder : tuple of Tensor
        W1 (d, h), b1 (h,), W2 (h, 2k), b2 (2k,): from an image to means and log-variances.
    decoder : tuple of Tensor
        W1 (k, h), b1 (h,), W2 (h, d), b2 (d,): from a code to an image.
    sigma2 : float or None
        The variance s² of each pixel around the decoded image; ``None`` stands for pixels that
        are 0 or 1, of which the decoder returns the log-odds.
    """

    encoder: tuple[Tensor, ...]
    decoder: tuple[Tensor, ...]
    sigma2: float | None

    def encode(self, x: ArrayLike) -> tuple[Tensor, Tensor]:
        """Return the normal distribution q(z|x) over the codes of each image (4.28-f1).

        Parameters
        ----------
        x : array_like, shape (n, d)
            Images.

        Returns
        -------
        mean : Tensor, shape (n, k)
            Means of the k coordinates.
        log_variance : Tensor, shape (n, k)
            Logarithms of their variances, so that any output of the network is allowed.

        Examples
        --------
        >>> mean, log_variance = initial_vae(5, 4, 2, sigma2=1.0, rng=0).encode(np.zeros((3, 5)))
        >>> mean.shape, log_variance.shape
        ((3, 2), (3, 2))
        """
        output = _network(Tensor(check_array(x, "x", ndim=2)), self.encoder)
        k, limit = output.shape[1] // 2, LOG_VARIANCE_LIMIT
        return output[:, :k], output[:, k:].clip(-limit, limit)

    def decode(self, z: Operand) -> Tensor:
        """Return the image that each code stands for.

        Parameters
        ----------
        z : Tensor or array_like, shape (n, k)
            Codes.

        Returns
        -------
        Tensor, shape (n, d)
            Means of the pixels; log-odds where ``sigma2`` is None.

        Examples
        --------
        >>> initial_vae(5, 4, 2, sigma2=1.0, rng=0).decode([[0.0, 0.0]]).value
        array([[0., 0., 0., 0., 0.]])
        """
        return _network(_as_tensor(z, "z"), self.decoder)


def _network(x: Tensor, layers: tuple[Tensor, ...]) -> Tensor:
    W1, b1, W2, b2 = layers
    return tanh(x @ W1 + b1) @ W2 + b2


def _as_tensor(x: Operand, name: str) -> Tensor:
    return x if isinstance(x, Tensor) else Tensor(check_array(x, name, ndim=2))


def _as_clouds(mean: Operand, log_variance: Operand) -> tuple[Tensor, Tensor]:
    mu, log_var = _as_tensor(mean, "mean"), _as_tensor(log_variance, "log_variance")
    if mu.shape != log_var.shape:
        raise ValueError(f"log_variance: expected mean's shape {mu.shape}, got {log_var.shape}")
    return mu, log_var


def reparameterize(mean: Operand, log_variance: Operand, noise: ArrayLike) -> Tensor:
    r"""Return codes :math:`z = \mu + \sigma \odot \epsilon` (4.28-f7).

    The randomness comes in from outside, so that a gradient passes through z to both parameters.

    Parameters
    ----------
    mean, log_variance : Tensor or array_like, shape (n, k)
        What the encoder returned.
    noise : array_like, shape (n, k)
        Standard normal numbers.

    Returns
    -------
    Tensor, shape (n, k)
        One code for each example.

    Raises
    ------
    ValueError
        If the shapes differ.

    References
    ----------
    D. P. Kingma and M. Welling, "Auto-encoding variational Bayes", arXiv:1312.6114 (2013).

    Examples
    --------
    >>> reparameterize([[1.0]], [[np.log(4.0)]], [[0.5]]).value
    array([[2.]])
    """
    mu, log_var = _as_clouds(mean, log_variance)
    epsilon = check_array(noise, "noise", ndim=2)
    if epsilon.shape != mu.shape:
        raise ValueError(f"noise: expected mean's shape {mu.shape}, got {epsilon.shape}")
    return mu + (log_var * 0.5).exp() * epsilon


def log_likelihood(x: ArrayLike, output: Operand, sigma2: float | None) -> Tensor:
    r"""Return :math:`\log p(x|z)` of each image, given what the decoder made of its code.

    .. math:: \log N(x; \hat x, s^2 I)
        = -\frac{\|x - \hat x\|^2}{2 s^2} - \frac d2 \log(2 \pi s^2) \quad (4.28\text{-}f6)

    For pixels that are 0 or 1 with log-odds a it is :math:`\sum (x a - \log(1 + e^a))`.

    Parameters
    ----------
    x : array_like, shape (n, d)
        Images.
    output : Tensor or array_like, shape (n, d)
        The decoded images; log-odds where ``sigma2`` is None.
    sigma2 : float or None
        The variance s² of a pixel.

    Returns
    -------
    Tensor, shape (n,)
        Nats, summed over the pixels.

    Raises
    ------
    ValueError
        If the shapes differ or ``sigma2`` isn't above 0.

    References
    ----------
    D. P. Kingma and M. Welling, "Auto-encoding variational Bayes", arXiv:1312.6114 (2013),
    appendix C.

    Examples
    --------
    >>> log_likelihood([[1.0, 2.0]], [[1.0, 1.0]], 0.5).value.round(4)
    array([-2.1447])
    """
    images, decoded = check_array(x, "x", ndim=2), _as_tensor(output, "output")
    if decoded.shape != images.shape:
        raise ValueError(f"output: expected shape {images.shape}, got {decoded.shape}")
    if sigma2 is None:
        return (decoded * images - softplus(decoded)).sum(axis=1)
    check_between(sigma2, "sigma2", 0, strict=True)
    constant = float(images.shape[1] / 2 * np.log(2 * np.pi * sigma2))
    return ((decoded - images) ** 2).sum(axis=1) * (-0.5 / sigma2) - constant


def kl_standard_normal(mean: Operand, log_variance: Operand) -> Tensor:
    r"""Return the divergence from each cloud of codes to the prior :math:`N(0, I)` (4.28-a1).

    .. math:: D_{KL} = \tfrac12 \sum_j (\mu_j^2 + \sigma_j^2 - 1 - \log \sigma_j^2)

    Parameters
    ----------
    mean, log_variance : Tensor or array_like, shape (n, k)
        Means and log-variances.

    Returns
    -------
    Tensor, shape (n,)
        Nats, summed over the coordinates.

    Raises
    ------
    ValueError
        If the shapes differ.

    References
    ----------
    D. P. Kingma and M. Welling, "Auto-encoding variational Bayes", arXiv:1312.6114 (2013),
    appendix B.

    Examples
    --------
    >>> kl_standard_normal([[1.0]], [[np.log(0.25)]]).value.round(4)
    array([0.8181])
    """
    mu, log_var = _as_clouds(mean, log_variance)
    return (mu**2 + log_var.exp() - 1 - log_var).sum(axis=1) * 0.5


def elbo(
    model: VAE, x: ArrayLike, noise: ArrayLike, *, beta: float = 1.0
) -> tuple[Tensor, Tensor, Tensor]:
    r"""Return the evidence lower bound of each image, from one code each (4.28-f3).

    .. math:: E_{q(z|x)}[\log p(x|z)] - \beta \, D_{KL}(q(z|x) \| p(z))

    Parameters
    ----------
    model : VAE
        Encoder and decoder.
    x : array_like, shape (n, d)
        Images.
    noise : array_like, shape (n, k)
        Standard normal numbers, which choose the codes.
    beta : float
        The weight of the divergence, at least 0. Below 1 the total may exceed log p(x), above
        1 it is a looser bound.

    Returns
    -------
    total : Tensor, shape (n,)
        The bound, in nats; the loss to minimise is ``-total.mean()``.
    reconstruction : Tensor, shape (n,)
        Its first term, the log-likelihood given the code that was drawn (4.28-f4).
    kl : Tensor, shape (n,)
        Its second term, the divergence from q(z|x) to the prior (4.28-f5).

    Raises
    ------
    ValueError
        If shapes don't fit or ``beta`` is negative.

    References
    ----------
    I. Higgins et al., "beta-VAE: learning basic visual concepts with a constrained variational
    framework", ICLR (2017), on beta.

    Examples
    --------
    >>> model = initial_vae(5, 4, 2, sigma2=1.0, rng=0)
    >>> total, _, kl = elbo(model, np.zeros((3, 5)), np.zeros((3, 2)))
    >>> total.shape, bool((kl.value >= 0).all())
    ((3,), True)
    """
    check_between(beta, "beta", 0)
    mean, log_variance = model.encode(x)
    output = model.decode(reparameterize(mean, log_variance, noise))
    reconstruction = log_likelihood(x, output, model.sigma2)
    kl = kl_standard_normal(mean, log_variance)
    return reconstruction - kl * beta, reconstruction, kl


def initial_vae(
    n_visible: int,
    n_hidden: int,
    n_latent: int,
    *,
    sigma2: float | None,
    rng: np.random.Generator | int,
) -> VAE:
    """Return an untrained VAE with random weights and biases of 0.

    Parameters
    ----------
    n_visible, n_hidden, n_latent : int
        Numbers d of pixels, h of hidden units (in both networks) and k of code coordinates.
    sigma2 : float or None
        The variance of a pixel; None for pixels that are 0 or 1.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    VAE
        Weights have variance one over the number of inputs.

    Raises
    ------
    ValueError
        If a number is below 1, or ``sigma2`` is neither None nor above 0.

    Examples
    --------
    >>> model = initial_vae(64, 48, 2, sigma2=0.0625, rng=0)
    >>> sum(parameter.value.size for parameter in model.encoder + model.decoder)
    6596
    """
    generator = as_generator(rng)
    d, h = check_count(n_visible, "n_visible"), check_count(n_hidden, "n_hidden")
    k = check_count(n_latent, "n_latent")
    if sigma2 is not None:
        check_between(sigma2, "sigma2", 0, strict=True)

    def network(*sizes: int) -> tuple[Tensor, ...]:
        layers = []
        for n_in, n_out in pairwise(sizes):
            weights = generator.normal(size=(n_in, n_out)) / np.sqrt(n_in)
            layers += [Tensor(weights), Tensor(np.zeros(n_out))]
        return tuple(layers)

    return VAE(network(d, h, 2 * k), network(k, h, d), sigma2)


def fit_vae(
    model: VAE,
    X: ArrayLike,
    *,
    n_steps: int,
    rng: np.random.Generator | int,
    beta: float = 1.0,
    learning_rate: float = 0.01,
    batch_size: int = 64,
) -> VAE:
    """Train a VAE by Adam on the negative bound, with a learning rate that falls to 0.

    Parameters
    ----------
    model : VAE
        Where to start; it stays as it is.
    X : array_like, shape (n, d)
        Images.
    n_steps : int
        Number of steps, each on one batch drawn with replacement.
    rng : numpy.random.Generator or int
        Generator or seed, for batches and codes.
    beta : float
        The weight of the divergence.
    learning_rate : float
        The learning rate of the first step.
    batch_size : int
        Images in a batch.

    Returns
    -------
    VAE
        The trained model.

    Raises
    ------
    ValueError
        If a count is below 1, ``beta`` is negative or the shapes don't fit.

    References
    ----------
    D. P. Kingma and M. Welling, "Auto-encoding variational Bayes", arXiv:1312.6114 (2013),
    algorithm 1.

    Examples
    --------
    >>> X = np.zeros((20, 5))
    >>> model = fit_vae(initial_vae(5, 4, 2, sigma2=1.0, rng=0), X, n_steps=3, rng=0)
    >>> model.decode([[0.0, 0.0]]).shape
    (1, 5)
    """
    images, generator = check_array(X, "X", ndim=2), as_generator(rng)
    check_count(batch_size, "batch_size")
    n_latent = len(model.decoder[0])
    state = adam_start([w.value for w in model.encoder + model.decoder])
    for step in range(check_count(n_steps, "n_steps")):
        batch = images[generator.integers(len(images), size=batch_size)]
        noise = generator.normal(size=(batch_size, n_latent))
        tensors = tuple(map(Tensor, state.parameters))
        model = VAE(tensors[:4], tensors[4:], model.sigma2)
        loss = -elbo(model, batch, noise, beta=beta)[0].mean()
        rate = learning_rate * (1 - step / n_steps)
        state = adam_step(state, grad(loss, tensors), learning_rate=rate)
    tensors = tuple(map(Tensor, state.parameters))
    return VAE(tensors[:4], tensors[4:], model.sigma2)


def iwae_bound(
    model: VAE, x: ArrayLike, n_samples: int, *, rng: np.random.Generator | int
) -> FloatArray:
    r"""Return the importance-weighted bound of each image, never below the ELBO on average.

    .. math:: \log \frac1S \sum_{s=1}^S \frac{p(x|z_s) \, p(z_s)}{q(z_s|x)},
        \quad z_s \sim q(z|x)

    Parameters
    ----------
    model : VAE
        Encoder and decoder.
    x : array_like, shape (n, d)
        Images.
    n_samples : int
        Number S of codes drawn for each image; with 1 it is an estimate of the ELBO.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    ndarray of float64, shape (n,)
        Nats; its expectation rises with S towards log p(x).

    Raises
    ------
    ValueError
        If ``n_samples`` is below 1 or the shapes don't fit.

    References
    ----------
    Y. Burda, R. Grosse and R. Salakhutdinov, "Importance weighted autoencoders",
    arXiv:1509.00519 (2015).

    Examples
    --------
    >>> iwae_bound(initial_vae(5, 4, 2, sigma2=1.0, rng=0), np.zeros((3, 5)), 10, rng=0).shape
    (3,)
    """
    generator = as_generator(rng)
    mean, log_variance = (part.value for part in model.encode(x))
    log_weights = []
    for _ in range(check_count(n_samples, "n_samples")):
        noise = generator.normal(size=mean.shape)
        z = reparameterize(mean, log_variance, noise).value
        log_ratio = (noise**2 + log_variance - z**2).sum(axis=1) / 2  # log p(z) - log q(z|x)
        log_weights.append(log_likelihood(x, model.decode(z), model.sigma2).value + log_ratio)
    bound: FloatArray = logsumexp(log_weights, axis=0) - np.log(n_samples)
    return bound


def linear_gaussian_evidence(W: ArrayLike, sigma2: float, x: ArrayLike) -> float:
    r"""Return :math:`\log p(x)` where z is standard normal and :math:`x = W z` plus noise.

    .. math:: \log N(x; 0, W W^\top + s^2 I)

    Parameters
    ----------
    W : array_like, shape (d, k)
        The linear decoder.
    sigma2 : float
        The variance s² of the noise in each of the d coordinates.
    x : array_like, shape (d,)
        One observation.

    Returns
    -------
    float
        Nats.

    Raises
    ------
    ValueError
        If the shapes don't fit or ``sigma2`` isn't above 0.

    References
    ----------
    M. E. Tipping and C. M. Bishop, "Probabilistic principal component analysis", JRSS B 61 (1999).

    Examples
    --------
    >>> round(linear_gaussian_evidence([[1.0]], 1.0, [0.0]), 4)
    -1.2655
    """
    weights, variance, observed = _linear_gaussian(W, sigma2, x)
    covariance = weights @ weights.T + variance * np.eye(len(observed))
    factor = np.linalg.cholesky(covariance)
    whitened = solve_triangular(factor, observed, lower=True)
    log_scale = np.log(np.diag(factor)).sum() + len(observed) / 2 * np.log(2 * np.pi)
    return float(-(whitened @ whitened) / 2 - log_scale)


def linear_gaussian_posterior(
    W: ArrayLike, sigma2: float, x: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    r"""Return mean and covariance of the exact :math:`p(z|x)` of the linear model.

    .. math:: \Sigma = (I + W^\top W / s^2)^{-1}, \quad \mu = \Sigma W^\top x / s^2

    Parameters
    ----------
    W : array_like, shape (d, k)
        The linear decoder.
    sigma2 : float
        The variance s² of the noise.
    x : array_like, shape (d,)
        One observation.

    Returns
    -------
    mean : ndarray of float64, shape (k,)
        The posterior mean.
    covariance : ndarray of float64, shape (k, k)
        The posterior covariance, the same for every x.

    Raises
    ------
    ValueError
        If the shapes don't fit or ``sigma2`` isn't above 0.

    References
    ----------
    M. E. Tipping and C. M. Bishop, "Probabilistic principal component analysis", JRSS B 61 (1999).

    Examples
    --------
    >>> linear_gaussian_posterior([[1.0]], 1.0, [1.0])
    (array([0.5]), array([[0.5]]))
    """
    weights, variance, observed = _linear_gaussian(W, sigma2, x)
    k = weights.shape[1]
    factor = cho_factor(np.eye(k) + weights.T @ weights / variance)
    mean: FloatArray = cho_solve(factor, weights.T @ observed / variance)
    covariance: FloatArray = cho_solve(factor, np.eye(k))
    return mean, covariance


def linear_gaussian_elbo(
    W: ArrayLike, sigma2: float, x: ArrayLike, mean: ArrayLike, covariance: ArrayLike
) -> tuple[float, float]:
    r"""Return both terms of the bound of the linear model for any normal q, without sampling.

    .. math:: E_q[\log p(x|z)] = -\frac{\|x - W \mu\|^2 + \operatorname{tr}(W \Sigma W^\top)}{2 s^2}
        - \frac d2 \log(2 \pi s^2)

    Parameters
    ----------
    W : array_like, shape (d, k)
        The linear decoder.
    sigma2 : float
        The variance s² of the noise.
    x : array_like, shape (d,)
        One observation.
    mean : array_like, shape (k,)
        Mean of q.
    covariance : array_like, shape (k, k)
        Covariance of q.

    Returns
    -------
    reconstruction : float
        The expected log-likelihood (4.28-f4), in nats.
    kl : float
        The divergence from q to the prior (4.28-f5), in nats.

    Raises
    ------
    ValueError
        If the shapes don't fit, or the covariance isn't symmetric positive definite.

    References
    ----------
    J. Lucas et al., "Don't blame the ELBO! A linear VAE perspective on posterior collapse",
    arXiv:1911.02469 (2019).

    Examples
    --------
    >>> reconstruction, kl = linear_gaussian_elbo([[1.0]], 1.0, [0.0], [0.0], [[0.5]])
    >>> round(reconstruction - kl, 4)  # this q is the posterior, so it is log p(x)
    -1.2655
    """
    weights, variance, observed = _linear_gaussian(W, sigma2, x)
    k = weights.shape[1]
    centre = check_array(mean, "mean", ndim=1)
    if len(centre) != k:
        raise ValueError(f"mean: expected {k} numbers as W has columns, got {len(centre)}")
    kl = kl_multivariate_normal(centre, covariance, np.zeros(k), np.eye(k))
    residual = observed - weights @ centre
    errors = residual @ residual + np.trace(weights @ np.asarray(covariance) @ weights.T)
    constant = len(observed) / 2 * np.log(2 * np.pi * variance)
    return float(-errors / (2 * variance) - constant), kl


def _linear_gaussian(
    W: ArrayLike, sigma2: float, x: ArrayLike
) -> tuple[FloatArray, float, FloatArray]:
    weights, observed = check_array(W, "W", ndim=2), check_array(x, "x", ndim=1)
    if len(weights) != len(observed):
        raise ValueError(f"x: expected {len(weights)} numbers as W has rows, got {len(observed)}")
    return weights, check_between(sigma2, "sigma2", 0, strict=True), observed

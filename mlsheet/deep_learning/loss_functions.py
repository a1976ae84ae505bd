"""Losses on logits, fused with their activation: stable values, gradients without a detour."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from mlsheet.deep_learning.backpropagation import Operand, Tensor, operation, value_of
from mlsheet.validation import FloatArray, check_probabilities


def cross_entropy(logits: Operand, targets: ArrayLike, *, mask: ArrayLike | None = None) -> Tensor:
    r"""Return the mean of :math:`-\sum_c t_c \log \operatorname{softmax}(z)_c`.

    Its gradient with respect to the logits is softmax minus target, divided by the number of
    examples.

    Parameters
    ----------
    logits : Tensor or array_like, shape (..., k)
        Scores of k classes, of any size.
    targets : array_like
        The class of each example, integers of shape (...); or probabilities, shape (..., k).
    mask : array_like of bool, shape (...), optional
        Which examples count; all by default. The mean is over those.

    Returns
    -------
    Tensor
        One number, in nats.

    Raises
    ------
    ValueError
        If shapes don't fit, a class is outside 0 … k − 1, probabilities don't sum to 1, or no
        example counts.

    References
    ----------
    I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning* (2016), section 6.2.2.

    Examples
    --------
    >>> cross_entropy([[0.0, 0.0], [0.0, 0.0]], [0, 1]).value.round(4).item()
    0.6931
    """
    scores = value_of(logits)
    goal = _as_probabilities(targets, scores.shape)
    counts = np.ones(scores.shape[:-1]) if mask is None else np.asarray(mask, dtype=np.float64)
    if counts.shape != scores.shape[:-1]:
        raise ValueError(f"mask: expected shape {scores.shape[:-1]}, got {counts.shape}")
    if not counts.any():
        raise ValueError("mask: expected at least one example that counts")
    weights = (counts / counts.sum())[..., None]
    shifted = scores - scores.max(axis=-1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    loss = np.asarray(-(weights * goal * log_probabilities).sum())
    return operation(
        "cross_entropy", loss, (logits, lambda g: g * weights * (np.exp(log_probabilities) - goal))
    )


def binary_cross_entropy_with_logits(logits: Operand, targets: ArrayLike) -> Tensor:
    r"""Return the mean of :math:`-t \log \sigma(z) - (1 - t) \log(1 - \sigma(z))`.

    Parameters
    ----------
    logits : Tensor or array_like
        Scores of any size.
    targets : array_like
        Numbers from 0 to 1, of the same shape.

    Returns
    -------
    Tensor
        One number, in nats.

    Raises
    ------
    ValueError
        If the shapes differ or a target lies outside [0, 1].

    References
    ----------
    K. P. Murphy, *Probabilistic Machine Learning: An Introduction* (2022), chapter 10.

    Examples
    --------
    >>> binary_cross_entropy_with_logits([1000.0, 0.0], [1, 1]).value.round(4).item()
    0.3466
    """
    scores, goal = value_of(logits), value_of(targets)
    if scores.shape != goal.shape:
        raise ValueError(f"targets: expected shape {scores.shape}, got {goal.shape}")
    if not ((goal >= 0) & (goal <= 1)).all():
        raise ValueError("targets: expected numbers from 0 to 1")
    loss = np.asarray((np.logaddexp(0.0, scores) - goal * scores).mean())
    return operation(
        "binary_cross_entropy", loss, (logits, lambda g: g * (expit(scores) - goal) / scores.size)
    )


def _as_probabilities(targets: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    """Return targets as probabilities, one-hot where they are classes."""
    given = np.asarray(targets)
    if given.shape == shape and given.dtype.kind == "f":
        return check_probabilities(given, "targets")
    if given.shape != shape[:-1] or given.dtype.kind not in "iu":
        raise ValueError(
            f"targets: expected integers of shape {shape[:-1]} or probabilities of shape {shape}, "
            f"got {given.dtype} of shape {given.shape}"
        )
    if given.size and (given.min() < 0 or given.max() >= shape[-1]):
        raise ValueError(f"targets: expected classes from 0 to {shape[-1] - 1}")
    one_hot: FloatArray = np.eye(shape[-1])[given]
    return one_hot

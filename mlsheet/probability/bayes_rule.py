"""1.12.3 Bayes Rule: from a prior and the likelihood of the evidence to the posterior."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logsumexp

from mlsheet.validation import FloatArray, check_array, check_probabilities


def bayes(prior: ArrayLike, likelihood: ArrayLike) -> FloatArray:
    r"""Posterior probability of each hypothesis, given the evidence (1.12-f5).

    .. math:: P(A_j \mid B) = \frac{P(B \mid A_j)\,P(A_j)}{\sum_i P(B \mid A_i)\,P(A_i)}

    Several pieces of evidence that are independent under each hypothesis are rows of
    ``likelihood``: their product is taken in logarithms, so that it can't underflow.

    Parameters
    ----------
    prior : array_like, shape (k,)
        Probability of each of k hypotheses, exactly one of which is true.
    likelihood : array_like, shape (k,) or (n, k)
        Probability, or density, of each piece of evidence under each hypothesis.

    Returns
    -------
    ndarray of float64, shape (k,)
        Posterior probabilities, which sum to 1.

    Raises
    ------
    ValueError
        If the prior doesn't sum to 1, the likelihood has another number of columns or a negative
        number, or the evidence has probability 0.

    References
    ----------
    G. Casella and R. L. Berger, *Statistical Inference*, 2nd ed. (2002), section 1.3.

    Examples
    --------
    >>> bayes([0.01, 0.99], [0.99, 0.05]).round(3)
    array([0.167, 0.833])
    >>> bayes([0.01, 0.99], [[0.99, 0.05], [0.99, 0.05]]).round(3)
    array([0.798, 0.202])
    """
    p = check_probabilities(check_array(prior, "prior", ndim=1), "prior")
    rows = np.atleast_2d(check_array(likelihood, "likelihood"))
    if rows.ndim != 2 or rows.shape[1] != len(p):
        raise ValueError(f"likelihood: expected {len(p)} columns, got shape {np.shape(likelihood)}")
    if (rows < 0).any():
        raise ValueError(f"likelihood: expected numbers >= 0, got {rows.min():g}")
    with np.errstate(divide="ignore"):  # log 0: ruled out
        log_joint = np.log(p) + np.log(rows).sum(axis=0)
    log_evidence = logsumexp(log_joint)
    if log_evidence == -np.inf:
        raise ValueError("likelihood: expected evidence that is possible, got probability 0")
    posterior: FloatArray = np.exp(log_joint - log_evidence)
    return posterior

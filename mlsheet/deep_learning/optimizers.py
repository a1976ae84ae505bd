"""4.3 Optimizers: how a gradient becomes a step."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mlsheet.validation import FloatArray, check_array, check_between


class AdamState(NamedTuple):
    """Parameters on their way, and what Adam remembers of their gradients.

    Parameters
    ----------
    parameters : tuple of ndarray
        The parameters after t steps.
    means : tuple of ndarray
        For each parameter the running mean m of its gradients.
    squares : tuple of ndarray
        For each parameter the running mean v of their squares.
    t : int
        The number of steps taken.
    """

    parameters: tuple[FloatArray, ...]
    means: tuple[FloatArray, ...]
    squares: tuple[FloatArray, ...]
    t: int


def adam_start(parameters: Sequence[FloatArray]) -> AdamState:
    """Return the state before the first step, with both running means at 0.

    Parameters
    ----------
    parameters : sequence of ndarray
        Where to start, arrays of any shapes.

    Returns
    -------
    AdamState
        The state with t = 0.

    Raises
    ------
    ValueError
        If a parameter is empty or holds a non-finite number.

    Examples
    --------
    >>> adam_start([np.ones(2)]).means
    (array([0., 0.]),)
    """
    weights = tuple(check_array(w, "parameters") for w in parameters)
    zeros = tuple(map(np.zeros_like, weights))
    return AdamState(weights, zeros, zeros, 0)


def adam_step(
    state: AdamState,
    gradients: Sequence[FloatArray],
    *,
    learning_rate: float = 1e-3,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> AdamState:
    r"""Return the state after one step of Adam (4.3-f4 to 4.3-f6).

    .. math::
        m_t &= \beta_1 m_{t-1} + (1 - \beta_1) g_t, \quad
        v_t = \beta_2 v_{t-1} + (1 - \beta_2) g_t^2 \\
        w_t &= w_{t-1} - \eta \, \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}, \quad
        \hat m_t = \frac{m_t}{1 - \beta_1^t}, \quad \hat v_t = \frac{v_t}{1 - \beta_2^t}

    Parameters
    ----------
    state : AdamState
        Where the last step, or `adam_start`, ended; it stays as it is.
    gradients : sequence of ndarray
        The gradient :math:`g_t` of the loss with respect to each parameter, of its shape.
    learning_rate : float
        The learning rate :math:`\eta`, above 0; it may differ from step to step.
    beta1, beta2 : float
        How much of the running means is kept, from 0 to below 1.
    eps : float
        Added to the root, not under it, so that a gradient of 0 divides nothing by 0.

    Returns
    -------
    AdamState
        The new parameters and running means.

    Raises
    ------
    ValueError
        If a setting is out of its range, or the gradients aren't finite or don't fit the
        parameters.

    References
    ----------
    D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", arXiv:1412.6980 (2015),
    algorithm 1.

    Examples
    --------
    >>> state = adam_step(adam_start([np.zeros(2)]), [np.array([5.0, -0.1])], learning_rate=0.01)
    >>> state.parameters[0].round(6)
    array([-0.01,  0.01])
    """
    check_between(learning_rate, "learning_rate", 0, strict=True)
    check_between(eps, "eps", 0, strict=True)
    for name, beta in (("beta1", beta1), ("beta2", beta2)):
        if not 0 <= beta < 1:
            raise ValueError(f"{name}: expected a number from 0 to below 1, got {beta!r}")
    slopes = [check_array(g, "gradients") for g in gradients]
    shapes, given = [w.shape for w in state.parameters], [g.shape for g in slopes]
    if shapes != given:
        raise ValueError(f"gradients: expected the parameters' shapes {shapes}, got {given}")
    t = state.t + 1
    means, squares, parameters = [], [], []
    for w, m, v, g in zip(state.parameters, state.means, state.squares, slopes, strict=True):
        means.append(beta1 * m + (1 - beta1) * g)
        squares.append(beta2 * v + (1 - beta2) * g**2)
        mean, square = means[-1] / (1 - beta1**t), squares[-1] / (1 - beta2**t)
        parameters.append(w - learning_rate * mean / (np.sqrt(square) + eps))
    return AdamState(tuple(parameters), tuple(means), tuple(squares), t)

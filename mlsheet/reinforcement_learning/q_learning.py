"""5.14 Q-Learning: learn the best values while doing something else."""

from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.special import ndtr

from mlsheet.reinforcement_learning.environments import FiniteMDP, episode
from mlsheet.validation import FloatArray, as_generator, check_array, check_between, check_count


class QLearningState(NamedTuple):
    """What is known after an episode.

    Parameters
    ----------
    q : ndarray of float64, shape (S, A)
        The learnt action values; of two tables, the mean.
    path : ndarray of int, shape (T + 1,)
        The states of the episode in their order.
    rewards : ndarray of float64, shape (T,)
        The reward of each step.
    """

    q: FloatArray
    path: NDArray[np.intp]
    rewards: FloatArray


def q_learning_steps(
    mdp: FiniteMDP,
    *,
    alpha: float | Callable[[int], float],
    discount: float,
    epsilon: float,
    rng: np.random.Generator | int,
    q_0: float = 0.0,
    double: bool = False,
    max_steps: int = 10_000,
) -> Iterator[QLearningState]:
    r"""Learn action values from episodes without end, and yield them after each (5.14-f1).

    .. math:: Q(s, a) \leftarrow Q(s, a) + \alpha \big[ r + \gamma \max_{a'} Q(s', a')
        - Q(s, a) \big]

    Behaviour is epsilon-greedy, the target is greedy. After a terminal state nothing is earned,
    so the target there is r alone; an episode cut short by ``max_steps`` counts on more. Two
    tables learn in turn: the one that learns picks :math:`a'`, the other says what it is worth
    (5.14-a1).

    Parameters
    ----------
    mdp : FiniteMDP
        The environment; its probabilities are never looked at.
    alpha : float or callable
        The step size :math:`\alpha`, from 0 to 1, or a function that returns it for the n-th visit
        of a pair of state and action, such as `step_size_schedule`.
    discount : float
        The discount factor :math:`\gamma`, from 0 to 1.
    epsilon : float
        The probability of a random action, from 0 to 1.
    rng : numpy.random.Generator or int
        Generator or seed.
    q_0 : float
        The value that every pair starts with.
    double : bool
        Whether to keep two tables.
    max_steps : int
        The time limit of an episode.

    Yields
    ------
    QLearningState
        The values after each episode, and what happened in it.

    Raises
    ------
    ValueError
        If a number lies outside its range, or ``alpha`` returns one that does.

    References
    ----------
    C. J. C. H. Watkins and P. Dayan, "Q-learning", Machine Learning 8 (1992).
    H. van Hasselt, "Double Q-learning", NeurIPS 2010.

    Examples
    --------
    >>> from itertools import islice
    >>> from mlsheet.reinforcement_learning.environments import grid_world
    >>> episodes = q_learning_steps(
    ...     grid_world(["S..G"]), alpha=0.5, discount=1, epsilon=0.1, rng=0)
    >>> *_, last = islice(episodes, 99)
    >>> last.q.max(axis=1).round(2).tolist()
    [-3.0, -2.0, -1.0, 0.0]
    """
    step_size = _step_sizes(alpha)
    check_between(discount, "discount", 0, 1)
    check_between(epsilon, "epsilon", 0, 1)
    generator, (n_states, n_actions) = as_generator(rng), mdp.R.shape[:2]
    first = check_array(q_0, "q_0", ndim=0).item()
    q = [[first] * n_actions for _ in range(n_states)]
    other = [row.copy() for row in q] if double else q
    visits = [[0] * n_actions for _ in range(n_states)]

    def act(s: int) -> int:
        both = [mine + its for mine, its in zip(q[s], other[s], strict=True)]
        return epsilon_greedy(both, epsilon, rng=generator)

    while True:
        path, rewards = [], []
        for s_tm1, a_tm1, r_t, s_t, terminated, _truncated in episode(
            mdp, act, rng=generator, max_steps=max_steps
        ):
            if double and generator.random() < 0.5:
                q, other = other, q
            best = q[s_t].index(max(q[s_t]))
            discount_t = 0.0 if terminated else discount
            target = r_t + discount_t * other[s_t][best]  # one table: its maximum
            visits[s_tm1][a_tm1] += 1
            alpha_t = step_size(visits[s_tm1][a_tm1])
            q[s_tm1][a_tm1] += alpha_t * (target - q[s_tm1][a_tm1])
            path.append(s_tm1)
            rewards.append(r_t)
        mean = np.mean([q, other], axis=0)
        yield QLearningState(mean, np.array([*path, s_t]), np.array(rewards))


def _step_sizes(alpha: float | Callable[[int], float]) -> Callable[[int], float]:
    if callable(alpha):
        return lambda n: check_between(alpha(n), "alpha", 0, 1)
    constant = check_between(alpha, "alpha", 0, 1)
    return lambda n: constant


def epsilon_greedy(q: Sequence[float], epsilon: float, *, rng: np.random.Generator) -> int:
    """Return any action with probability epsilon, else one of the best.

    Parameters
    ----------
    q : sequence of float
        The value of each action.
    epsilon : float
        The probability with which the values are ignored, from 0 to 1.
    rng : numpy.random.Generator
        Where the randomness comes from; ties are broken at random, too.

    Returns
    -------
    int
        The action.

    Raises
    ------
    ValueError
        If there is no action, a value isn't finite or ``epsilon`` lies outside its range.

    References
    ----------
    R. S. Sutton and A. G. Barto, *Reinforcement Learning*, 2nd ed. (2018), section 2.2.

    Examples
    --------
    >>> epsilon_greedy([0.0, 5.0, 1.0], 0.0, rng=np.random.default_rng(0))
    1
    """
    if not (len(q) and all(map(isfinite, q)) and 0 <= epsilon <= 1):  # the quick test first
        check_array(q, "q", ndim=1)
        check_between(epsilon, "epsilon", 0, 1)
    if rng.random() < epsilon:
        return int(rng.random() * len(q))
    best = max(q)
    ties = [action for action, value in enumerate(q) if value == best]
    return ties[int(rng.random() * len(ties))]


def step_size_schedule(omega: float) -> Callable[[int], float]:
    r"""Return step sizes that fall with the number of visits, :math:`\alpha_n = n^{-\omega}`.

    Parameters
    ----------
    omega : float
        At most 1, so that the steps add up to infinity and any start is forgotten, and above
        1/2, so that their squares don't and noise dies out.

    Returns
    -------
    callable
        The step size for the n-th visit, n from 1.

    Raises
    ------
    ValueError
        If ``omega`` isn't above 1/2 and at most 1.

    References
    ----------
    H. Robbins and S. Monro, "A stochastic approximation method", Ann. Math. Stat. 22 (1951).

    Examples
    --------
    >>> step_size_schedule(1)(4)
    0.25
    """
    if not 0.5 < omega <= 1:
        raise ValueError(f"omega: expected a number above 0.5 and up to 1, got {omega!r}")
    return lambda n: float(n) ** -omega


def expected_maximum(k: int) -> float:
    r"""Return the mean of the largest of k independent standard normals (5.14-c4).

    .. math:: E \max_i Z_i = \int_0^\infty \big[ 1 - \Phi(z)^k - \Phi(-z)^k \big] \, dz

    So much the max claims, in units of the noise, when k actions are all worth 0.

    Parameters
    ----------
    k : int
        The number of actions.

    Returns
    -------
    float
        The overestimate; 0 for a single action.

    Raises
    ------
    ValueError
        If ``k`` is below 1.

    References
    ----------
    H. A. David and H. N. Nagaraja, *Order Statistics*, 3rd ed. (2003), chapter 3.

    Examples
    --------
    >>> round(expected_maximum(10), 4)
    1.5388
    """
    check_count(k, "k")
    return float(quad(lambda z: 1 - ndtr(z) ** k - ndtr(-z) ** k, 0, np.inf)[0])

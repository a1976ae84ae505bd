"""The environments of chapter 5, and the loop in which an agent meets one of them.

An environment has two methods, both pure: ``reset(rng)`` draws the first state of an episode, and
``step(s_tm1, a_tm1, rng)`` draws the next state, the reward and whether the episode has ended.
"""

from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlsheet.validation import (
    FloatArray,
    as_generator,
    check_array,
    check_count,
    check_probabilities,
)

MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))
"""Rows and columns by which the actions 0 to 3 of a grid world move: up, right, down, left."""

CLIFF_WALK = ("............", "............", "............", "SCCCCCCCCCCG")
"""The map of the cliff walk, for `grid_world` (Sutton and Barto, example 6.6)."""


@dataclass(frozen=True, eq=False)
class FiniteMDP:
    r"""A Markov decision process with S states and A actions.

    Parameters
    ----------
    P : ndarray of float64, shape (S, A, S)
        The probability :math:`P(s' \mid s, a)` of each next state.
    R : ndarray of float64, shape (S, A, S)
        The reward of each transition.
    terminal : ndarray of bool, shape (S,)
        The states in which an episode ends; they lead to themselves, with reward 0.
    start : ndarray of float64, shape (S,)
        The probability of each state to be the first of an episode.

    Raises
    ------
    ValueError
        If shapes don't fit, probabilities don't sum to 1, or a terminal state leads elsewhere.

    References
    ----------
    R. S. Sutton and A. G. Barto, *Reinforcement Learning*, 2nd ed. (2018), section 3.1.

    Examples
    --------
    >>> P = np.array([[[0.0, 1.0]], [[0.0, 1.0]]])
    >>> R = np.array([[[0.0, 5.0]], [[0.0, 0.0]]])
    >>> FiniteMDP(P, R, np.array([False, True]), np.array([1.0, 0.0])).P.shape  # (S, A, S)
    (2, 1, 2)
    """

    P: FloatArray
    R: FloatArray
    terminal: NDArray[np.bool_]
    start: FloatArray

    def __post_init__(self) -> None:
        P = check_probabilities(check_array(self.P, "P", ndim=3), "P")
        R = check_array(self.R, "R", ndim=3)
        n = len(P)
        if P.shape[2] != n or R.shape != P.shape:
            raise ValueError(f"P, R: expected one shape (S, A, S), got {P.shape} and {R.shape}")
        check_probabilities(self.start, "start")
        for name, shape in [("start", self.start.shape), ("terminal", self.terminal.shape)]:
            if shape != (n,):
                raise ValueError(f"{name}: expected one entry for each of {n} states, got {shape}")
        ends = np.flatnonzero(self.terminal)
        if (P[ends, :, ends] < 1).any() or R[ends, :, ends].any():
            raise ValueError("terminal: expected states that lead to themselves with reward 0")

    @cached_property
    def _tables(self) -> tuple[list[float], list[list[list[float]]], list[list[list[float]]]]:
        """Cumulative start and transition probabilities and rewards, as lists: fast to look up."""
        first, following = self.start.cumsum(), self.P.cumsum(axis=2)
        following /= following[:, :, -1:]  # exactly 1 at the end, whatever the rounding
        return (first / first[-1]).tolist(), following.tolist(), self.R.tolist()

    def reset(self, rng: np.random.Generator) -> int:
        """Draw the first state of an episode.

        Parameters
        ----------
        rng : numpy.random.Generator
            Where the randomness comes from.

        Returns
        -------
        int
            The state.

        Examples
        --------
        >>> grid_world(CLIFF_WALK).reset(np.random.default_rng(0))
        36
        """
        return bisect(self._tables[0], rng.random())

    def step(self, s_tm1: int, a_tm1: int, rng: np.random.Generator) -> tuple[int, float, bool]:
        """Draw what follows on an action.

        Parameters
        ----------
        s_tm1 : int
            The state before.
        a_tm1 : int
            The action taken there.
        rng : numpy.random.Generator
            Where the randomness comes from.

        Returns
        -------
        s_t : int
            The next state.
        r_t : float
            The reward.
        terminated : bool
            Whether the episode ends there.

        Examples
        --------
        >>> grid_world(CLIFF_WALK).step(35, 2, np.random.default_rng(0))
        (47, -1.0, True)
        """
        _, following, rewards = self._tables
        s_t = bisect(following[s_tm1][a_tm1], rng.random())
        return s_t, rewards[s_tm1][a_tm1][s_t], bool(self.terminal[s_t])


class Transition(NamedTuple):
    """One step of an episode.

    Parameters
    ----------
    s_tm1, a_tm1 : int
        A state and the action taken there.
    r_t, s_t : float, int
        The reward and the next state.
    terminated : bool
        Whether the environment ended the episode: nothing is earned after `s_t`.
    truncated : bool
        Whether the time limit cut it short, though `s_t` is a state like any other.
    """

    s_tm1: int
    a_tm1: int
    r_t: float
    s_t: int
    terminated: bool
    truncated: bool


def episode(
    mdp: FiniteMDP,
    act: Callable[[int], int],
    *,
    rng: np.random.Generator | int,
    max_steps: int = 10_000,
) -> Iterator[Transition]:
    """Walk through one episode.

    The next action is chosen only when the next transition is asked for, so that an agent may
    learn from each before it acts again.

    Parameters
    ----------
    mdp : FiniteMDP
        The environment.
    act : callable
        Returns the action to take in a state.
    rng : numpy.random.Generator or int
        Generator or seed, for the environment's randomness.
    max_steps : int
        The time limit.

    Yields
    ------
    Transition
        The steps, up to the first that is terminated or truncated.

    Raises
    ------
    ValueError
        If the time limit is below 1.

    Examples
    --------
    >>> [step.s_t for step in episode(grid_world(["S..G"]), lambda s: 1, rng=0)]
    [1, 2, 3]
    """
    generator = as_generator(rng)
    limit = check_count(max_steps, "max_steps")
    s_tm1 = mdp.reset(generator)
    for count in range(1, limit + 1):
        a_tm1 = act(s_tm1)
        s_t, r_t, terminated = mdp.step(s_tm1, a_tm1, generator)
        yield Transition(s_tm1, a_tm1, r_t, s_t, terminated, count == limit and not terminated)
        if terminated:
            return
        s_tm1 = s_t


def grid_world(layout: Sequence[str]) -> FiniteMDP:
    """Return the walk over a map: ``S`` start, ``G`` goal, ``#`` wall, ``C`` cliff, ``.`` floor.

    Each move costs 1 (reward −1). One into a wall or off the map leaves the walker where it is;
    one onto the cliff costs 100 and leads back to the start. The episode ends at a goal.

    Parameters
    ----------
    layout : sequence of str
        The rows of the map, with exactly one start and at least one goal.

    Returns
    -------
    FiniteMDP
        The process; cell (row, column) is the state ``row * columns + column``, and `MOVES`
        are the actions.

    Raises
    ------
    ValueError
        If the rows differ in length, a sign is unknown, or there is not one start and a goal.

    References
    ----------
    R. S. Sutton and A. G. Barto, *Reinforcement Learning*, 2nd ed. (2018), example 6.6.

    Examples
    --------
    >>> grid_world(CLIFF_WALK).P.shape
    (48, 4, 48)
    """
    signs, widths = "".join(layout), {len(row) for row in layout}
    if len(widths) != 1 or set(signs) - set("SG#C."):
        raise ValueError(f"layout: expected rows of one length out of 'SG#C.', got {layout!r}")
    if signs.count("S") != 1 or "G" not in signs:
        raise ValueError(f"layout: expected exactly one S and at least one G, got {layout!r}")
    (columns,) = widths
    n = len(signs)
    P, R = np.zeros((n, len(MOVES), n)), np.zeros((n, len(MOVES), n))
    for s_tm1, sign in enumerate(signs):
        row, column = divmod(s_tm1, columns)
        for a_tm1, (down, right) in enumerate(MOVES):
            inside = 0 <= row + down < len(layout) and 0 <= column + right < columns
            s_t, r_t = (s_tm1 + down * columns + right if inside else s_tm1), -1.0
            if sign in "GC#":  # the end, or a cell in which nobody ever stands
                s_t, r_t = s_tm1, 0.0
            elif signs[s_t] == "#":
                s_t = s_tm1
            elif signs[s_t] == "C":
                s_t, r_t = signs.index("S"), -100.0
            P[s_tm1, a_tm1, s_t], R[s_tm1, a_tm1, s_t] = 1.0, r_t
    is_sign = np.array(list(signs))
    return FiniteMDP(P, R, is_sign == "G", (is_sign == "S").astype(float))


def left_or_right(n_actions: int) -> FiniteMDP:
    """Return the process in which a lottery looks better than it is.

    From state 0, the start, even actions (right) end the episode with reward 0; odd ones (left)
    lead, for nothing, to the lottery in state 1. There each of ``n_actions`` tickets wins .9 or
    loses 1.1 with equal chances: mean −.1, standard deviation 1.

    Parameters
    ----------
    n_actions : int
        The number of tickets, at least 2.

    Returns
    -------
    FiniteMDP
        States 0 (start), 1 (lottery), 2 (won) and 3 (lost, or went right).

    Raises
    ------
    ValueError
        If there are fewer than two actions.

    References
    ----------
    R. S. Sutton and A. G. Barto, *Reinforcement Learning*, 2nd ed. (2018), example 6.7, with
    normal rewards.

    Examples
    --------
    >>> lottery = left_or_right(10)
    >>> (lottery.P * lottery.R).sum(axis=2)[1].round(2).tolist()
    [-0.1, -0.1, -0.1, -0.1, -0.1, -0.1, -0.1, -0.1, -0.1, -0.1]
    """
    check_count(n_actions, "n_actions", minimum=2)
    P, R = np.zeros((4, n_actions, 4)), np.zeros((4, n_actions, 4))
    P[0, ::2, 3] = P[0, 1::2, 1] = P[2, :, 2] = P[3, :, 3] = 1.0
    P[1, :, 2:] = 0.5
    R[1, :, 2:] = 0.9, -1.1
    return FiniteMDP(P, R, np.array([False, False, True, True]), np.eye(4)[0])


def random_mdp(n_states: int, n_actions: int, *, rng: np.random.Generator | int) -> FiniteMDP:
    """Return a process without an end, transitions and rewards drawn at random.

    Parameters
    ----------
    n_states, n_actions : int
        The numbers of states and actions.
    rng : numpy.random.Generator or int
        Generator or seed.

    Returns
    -------
    FiniteMDP
        Transition probabilities uniform on the simplex, rewards uniform in [0, 1], any state
        as likely as another to be the first.

    Raises
    ------
    ValueError
        If a number is below 1.

    Examples
    --------
    >>> random_mdp(5, 2, rng=0).P.shape
    (5, 2, 5)
    """
    check_count(n_states, "n_states")
    check_count(n_actions, "n_actions")
    generator = as_generator(rng)
    P = generator.dirichlet(np.ones(n_states), size=(n_states, n_actions))
    start = np.full(n_states, 1 / n_states)
    return FiniteMDP(P, generator.random(P.shape), np.zeros(n_states, dtype=bool), start)

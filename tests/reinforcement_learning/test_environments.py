"""Environments against their tables, shortest paths and sampled frequencies."""

import networkx as nx
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from mlsheet.reinforcement_learning.environments import (
    CLIFF_WALK,
    MOVES,
    FiniteMDP,
    episode,
    grid_world,
    left_or_right,
    random_mdp,
)


def optimal_values(mdp, discount=1.0):
    mean_reward, v = (mdp.P * mdp.R).sum(axis=2), np.zeros(len(mdp.P))
    for _ in range(200):
        v = (mean_reward + discount * mdp.P @ v).max(axis=1)
    return v


def random_layout(seed, rows=5, columns=7):
    rng = np.random.default_rng(seed)
    signs = rng.choice(list(".#C"), size=rows * columns, p=[0.7, 0.2, 0.1])
    signs[rng.choice(rows * columns, 2, replace=False)] = ["S", "G"]
    return ["".join(row) for row in signs.reshape(rows, columns)]


@pytest.mark.parametrize("seed", range(8))
def test_the_best_value_of_a_cell_is_the_length_of_its_shortest_path(seed):
    layout = random_layout(seed)
    graph = nx.grid_2d_graph(len(layout), len(layout[0]))
    graph.remove_nodes_from([cell for cell in [*graph] if layout[cell[0]][cell[1]] in "#C"])
    goal = next(cell for cell in graph if layout[cell[0]][cell[1]] == "G")
    lengths = nx.single_source_shortest_path_length(graph, goal)
    values = optimal_values(grid_world(layout)).reshape(len(layout), -1)
    assert len(lengths) > 5
    for cell, length in lengths.items():
        if length < 20:  # at most the price of a detour over the cliff
            assert values[cell] == -length


def test_the_cliff_walk():
    cliff = grid_world(CLIFF_WALK)
    start, goal = 36, 47
    assert cliff.P.shape == (48, 4, 48)
    assert cliff.start[start] == 1
    assert_array_equal(np.flatnonzero(cliff.terminal), [goal])
    rng = np.random.default_rng(0)
    up, right, down, left = range(4)
    assert cliff.step(start, right, rng) == (start, -100, False)  # off the cliff, not the end
    assert cliff.step(start, left, rng) == (start, -1, False)
    assert cliff.step(start, up, rng) == (start - 12, -1, False)
    assert cliff.step(30, down, rng) == (start, -100, False)
    assert cliff.step(35, down, rng) == (goal, -1, True)
    assert cliff.step(0, up, rng) == (0, -1, False)
    assert cliff.step(11, right, rng) == (11, -1, False)  # not around to the next row
    assert optimal_values(cliff)[start] == -13


def test_a_wall_stops_the_walker():
    world, rng = grid_world(["S#G", "..."]), np.random.default_rng(0)
    assert world.step(0, 1, rng) == (0, -1, False)
    assert MOVES == ((-1, 0), (0, 1), (1, 0), (0, -1))
    walk = episode(world, lambda s: {0: 2, 3: 1, 4: 1, 5: 0}[s], rng=0)
    assert [step.s_t for step in walk] == [3, 4, 5, 2]


def test_steps_follow_the_probabilities():
    mdp, rng, n = random_mdp(5, 3, rng=3), np.random.default_rng(0), 40_000
    drawn = [mdp.step(4, 2, rng) for _ in range(n)]
    p = mdp.P[4, 2]
    frequencies = np.bincount([s_t for s_t, _, _ in drawn], minlength=5) / n
    assert (np.abs(frequencies - p) < 5 * np.sqrt(p * (1 - p) / n)).all()
    assert all(r_t == mdp.R[4, 2, s_t] and not terminated for s_t, r_t, terminated in drawn)


def test_the_first_state_follows_its_probabilities():
    still = random_mdp(3, 1, rng=0)
    start = np.array([0.2, 0.0, 0.8])
    mdp, rng, n = FiniteMDP(still.P, still.R, still.terminal, start), np.random.default_rng(0), 9000
    frequencies = np.bincount([mdp.reset(rng) for _ in range(n)], minlength=3) / n
    assert (np.abs(frequencies - start) <= 5 * np.sqrt(start * (1 - start) / n)).all()


def test_rounding_never_leads_to_a_state_that_is_not_there():
    class AlmostOne:
        def random(self):
            return np.nextafter(1.0, 0.0)

    P = np.tile([0.1] * 10 + [0.0], (11, 1, 1))
    mdp = FiniteMDP(P, np.zeros_like(P), np.zeros(11, dtype=bool), P[0, 0])
    assert P[0, 0].cumsum()[-1] < 1
    assert mdp.step(0, 0, AlmostOne())[0] == 9
    assert mdp.reset(AlmostOne()) == 9


def test_an_episode_is_terminated_or_truncated_never_both():
    corridor = grid_world(["S.G"])
    *_, last = episode(corridor, lambda s: 1, rng=0)
    assert (last.s_tm1, last.a_tm1, last.r_t, last.s_t) == (1, 1, -1, 2)
    assert (last.terminated, last.truncated) == (True, False)
    at_the_limit = list(episode(corridor, lambda s: 1, rng=0, max_steps=2))
    assert (at_the_limit[-1].terminated, at_the_limit[-1].truncated) == (True, False)
    stuck = list(episode(corridor, lambda s: 3, rng=0, max_steps=4))
    assert [step.truncated for step in stuck] == [False, False, False, True]
    assert not any(step.terminated for step in stuck)


def test_an_agent_may_learn_between_two_steps():
    knows = {"action": 3}
    walk = episode(grid_world(["S.G"]), lambda s: knows["action"], rng=0)
    assert next(walk).s_t == 0
    knows["action"] = 1
    assert [step.s_t for step in walk] == [1, 2]


@pytest.mark.parametrize("n_actions", [2, 3, 10])
def test_the_lottery_loses_on_average(n_actions):
    mdp = left_or_right(n_actions)
    mean = (mdp.P * mdp.R).sum(axis=2)
    assert_allclose(mean[1], -0.1)
    assert_allclose((mdp.P * mdp.R**2).sum(axis=2)[1] - mean[1] ** 2, 1)
    assert_allclose(optimal_values(mdp), [0, -0.1, 0, 0])
    assert not mean[[0, 2, 3]].any()
    assert_array_equal(mdp.P[0, :, 1], np.arange(n_actions) % 2)


def test_the_lottery_has_as_many_ways_left_as_right():
    assert left_or_right(10).P[0].sum(axis=0)[[1, 3]].tolist() == [5, 5]


def test_a_random_mdp_is_repeatable_and_has_no_end():
    one, same, other = (random_mdp(7, 3, rng=seed) for seed in [0, 0, 1])
    assert_array_equal(one.P, same.P)
    assert not np.array_equal(one.P, other.P)
    assert not one.terminal.any()
    assert one.R.min() >= 0
    assert one.R.max() <= 1


def mdp_with(**changed):
    P = np.array([[[0.0, 1.0]] * 3, [[0.0, 1.0]] * 3])
    parts = {"P": P, "R": np.zeros((2, 3, 2)), "terminal": np.array([False, True])}
    return FiniteMDP(**(parts | {"start": np.array([1.0, 0.0])} | changed))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mdp_with(P=np.zeros((2, 3))), "P: expected an array with 3 axes"),
        (lambda: mdp_with(P=np.zeros((2, 3, 2))), "P: expected probabilities that sum to 1"),
        (lambda: mdp_with(R=np.zeros((2, 1, 2))), r"P, R: expected one shape \(S, A, S\)"),
        (lambda: mdp_with(P=np.full((3, 1, 2), 0.5), R=np.zeros((3, 1, 2))), "P, R: expected one"),
        (lambda: mdp_with(R=np.full((2, 3, 2), np.nan)), "R: expected finite"),
        (lambda: mdp_with(start=np.array([0.5, 0.4])), "start: expected probabilities"),
        (lambda: mdp_with(start=np.array([1.0])), "start: expected one entry for each of 2"),
        (lambda: mdp_with(terminal=np.zeros(3, dtype=bool)), "terminal: expected one entry"),
        (lambda: mdp_with(terminal=np.array([True, True])), "terminal: expected states that lead"),
        (lambda: mdp_with(R=np.ones((2, 3, 2))), "terminal: expected states that lead"),
        (lambda: next(episode(mdp_with(), lambda s: 0, rng=0, max_steps=0)), "max_steps: "),
        (lambda: grid_world([]), "layout: expected rows of one length"),
        (lambda: grid_world(["S.", "G"]), "layout: expected rows of one length"),
        (lambda: grid_world(["S.X.G"]), "layout: expected rows of one length"),
        (lambda: grid_world(["SS.G"]), "layout: expected exactly one S"),
        (lambda: grid_world(["S.."]), "layout: expected exactly one S"),
        (lambda: left_or_right(1), "n_actions: "),
        (lambda: random_mdp(0, 2, rng=0), "n_states: "),
        (lambda: random_mdp(2, 0, rng=0), "n_actions: "),
        (lambda: random_mdp(2, 2, rng=None), "rng: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()

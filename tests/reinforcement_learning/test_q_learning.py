"""Q-learning against value iteration, closed forms and its own bounds."""

from itertools import islice
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from mlsheet.notebook.practice.grading import grade_result
from mlsheet.notebook.practice.q_learning import updated
from mlsheet.reinforcement_learning.environments import (
    CLIFF_WALK,
    FiniteMDP,
    grid_world,
    left_or_right,
    random_mdp,
)
from mlsheet.reinforcement_learning.q_learning import (
    epsilon_greedy,
    expected_maximum,
    q_learning_steps,
    step_size_schedule,
)

USUAL = {"alpha": 0.5, "discount": 1.0, "epsilon": 0.1, "rng": 0}


def optimal_values(mdp, discount):
    mean_reward, q = (mdp.P * mdp.R).sum(axis=2), np.zeros(mdp.R.shape[:2])
    for _ in range(400):
        q = mean_reward + discount * mdp.P @ q.max(axis=1)
    return q


def one_state(reward, *, terminal):
    """One action; it earns the reward and ends the episode, or not."""
    P, R = np.zeros((2, 1, 2)), np.zeros((2, 1, 2))
    P[0, 0, int(terminal)] = P[1, 0, 1] = 1
    R[0] = reward
    return FiniteMDP(P, R, np.array([False, True]), np.array([1.0, 0.0]))


def learn(mdp, n_episodes=1, **arguments):
    return list(islice(q_learning_steps(mdp, **(USUAL | arguments)), n_episodes))


def last_q(mdp, n_episodes=1, **arguments):
    return learn(mdp, n_episodes, **arguments)[-1].q


@pytest.mark.parametrize(
    ("terminal", "after"),
    [(False, 2 + 0.5 * (1 + 0.9 * 2 - 2)), (True, 2 + 0.5 * (1 - 2))],
)
@pytest.mark.parametrize("double", [False, True])
def test_one_update_by_hand(terminal, after, double):
    """A terminal state is worth nothing; one where the time limit falls is worth its value."""
    q = last_q(one_state(1.0, terminal=terminal), q_0=2.0, discount=0.9, max_steps=1, double=double)
    assert_allclose(q[0], (after + 2) / 2 if double else after)  # one of two tables has learnt
    assert q[1] == 2


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("double", [False, True])
def test_random_behaviour_learns_the_best_values(seed, double):
    world = grid_world(["..#.G", ".C...", "S..#."])
    q = last_q(world, alpha=1.0, epsilon=1.0, n_episodes=150, rng=seed, double=double)
    stands = np.array([sign in "S." for sign in "..#.G.C...S..#."])
    assert_allclose(q[stands], optimal_values(world, 1.0)[stands], rtol=1e-12)


def test_the_cliff_walk_is_learnt_whatever_the_walker_does():
    cliff = grid_world(CLIFF_WALK)
    best = optimal_values(cliff, 1.0)
    assert best[36].max() == -13
    q = last_q(cliff, epsilon=1.0, n_episodes=40, max_steps=5000)
    assert_allclose(q[:37], best[:37], atol=1e-3)
    for seed in range(3):
        assert_allclose(last_q(cliff, n_episodes=500, rng=seed)[36].max(), -13, atol=0.01)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_falling_steps_settle_where_constant_ones_do_not(seed):
    mdp = random_mdp(5, 3, rng=seed)
    best = optimal_values(mdp, 0.9)
    usual = {"discount": 0.9, "epsilon": 1.0, "max_steps": 60_000, "rng": seed}
    falling = np.abs(last_q(mdp, alpha=step_size_schedule(0.6), **usual) - best).max()
    assert falling < 0.08
    assert np.abs(last_q(mdp, alpha=0.3, **usual) - best).max() > 2 * falling


class Recorded(FiniteMDP):
    """A process that writes down what happens."""

    log: ClassVar[list[tuple[int, int, float, int, bool]]] = []

    def step(self, s_tm1, a_tm1, rng):
        s_t, r_t, terminated = super().step(s_tm1, a_tm1, rng)
        self.log.append((s_tm1, a_tm1, r_t, s_t, terminated))
        return s_t, r_t, terminated


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_table_is_the_exercise_applied_to_each_step_in_turn(seed):
    world = grid_world(["..#.G", ".C...", "S..#."])
    recorded = Recorded(world.P, world.R, world.terminal, world.start)
    arguments = USUAL | {"alpha": 0.3, "discount": 0.9, "q_0": -3.0, "rng": seed, "max_steps": 50}
    q = np.full((len(world.P), 4), -3.0)
    for state in islice(q_learning_steps(recorded, **arguments), 9):
        for s_tm1, a_tm1, r_t, s_t, terminated in recorded.log:
            q = updated(q, s_tm1, a_tm1, r_t, s_t, terminated, 0.3, 0.9)
        assert_allclose(state.q, q, rtol=1e-12)
        assert_array_equal(state.path, [*(s for s, *_ in recorded.log), recorded.log[-1][3]])
        assert_array_equal(state.rewards, [r_t for _, _, r_t, _, _ in recorded.log])
        recorded.log.clear()


def test_at_epsilon_one_behaviour_knows_nothing_of_the_values():
    cliff = grid_world(CLIFF_WALK)
    runs = [
        [state.path for state in learn(cliff, 3, epsilon=1.0, max_steps=200, **arguments)]
        for arguments in [{}, {"alpha": 0.1}, {"q_0": -50.0, "discount": 0.5}]
    ]
    assert_array_equal(runs[0], runs[1])
    assert_array_equal(runs[0], runs[2])


@given(st.floats(0.01, 1), st.floats(0, 0.95), st.integers(0, 999), st.booleans(), st.floats(0, 1))
def test_values_stay_within_what_can_be_earned(alpha, discount, seed, double, epsilon):
    q = last_q(
        random_mdp(4, 3, rng=seed),
        alpha=alpha,
        discount=discount,
        rng=seed,
        double=double,
        epsilon=epsilon,
        max_steps=300,
    )
    assert q.min() >= 0
    assert q.max() <= 1 / (1 - discount) + 1e-9


def test_a_constant_function_is_a_constant():
    cliff = grid_world(CLIFF_WALK)
    assert_array_equal(last_q(cliff), last_q(cliff, alpha=lambda n: 0.5))


def test_step_sizes_count_the_visits_of_each_pair():
    seen = []

    def alpha(n):
        seen.append(n)
        return 0.5

    last_q(one_state(1.0, terminal=False), alpha=alpha, discount=0.5, max_steps=3, n_episodes=2)
    assert seen == [1, 2, 3, 4, 5, 6]


def test_earlier_states_are_not_changed_later():
    steps = q_learning_steps(grid_world(CLIFF_WALK), **USUAL)
    first = next(steps)
    before = first.q.copy()
    assert not np.array_equal(next(steps).q, before)
    assert_array_equal(first.q, before)


def share_of_lefts(double):
    lottery = left_or_right(10)
    runs = [learn(lottery, 100, alpha=0.1, double=double, rng=seed) for seed in range(60)]
    return np.mean([[state.path[1] == 1 for state in run] for run in runs], axis=0)


def test_the_maximum_is_fooled_by_a_lottery_and_two_tables_less_so():
    single, double = share_of_lefts(double=False), share_of_lefts(double=True)
    assert single[10:40].mean() > 0.8
    assert double[60:].mean() < 0.25
    assert double.mean() < single.mean()


def test_greedy_behaviour_never_finds_the_better_arm():
    P = np.zeros((3, 2, 3))
    P[0, :, 2] = P[1, :, 2] = P[2, :, 2] = 1
    R = np.zeros_like(P)
    R[0, :, 2] = 0.1, 1.0
    arms = FiniteMDP(P, R, np.array([False, False, True]), np.eye(3)[0])
    stuck = [last_q(arms, epsilon=0.0, n_episodes=60, rng=seed)[0] for seed in range(20)]
    assert {tuple(q.round(6)) for q in stuck} == {(0.1, 0.0), (0.0, 1.0)}
    assert_allclose(last_q(arms, epsilon=0.2, n_episodes=400)[0], [0.1, 1.0])


@pytest.mark.parametrize("epsilon", [0.0, 0.3, 1.0])
def test_epsilon_greedy_frequencies(epsilon):
    rng, n = np.random.default_rng(1), 20_000
    actions = [epsilon_greedy([0.0, 2.0, 1.0, 2.0], epsilon, rng=rng) for _ in range(n)]
    p = epsilon / 4 + (1 - epsilon) * np.array([0, 0.5, 0, 0.5])
    frequencies = np.bincount(actions, minlength=4) / n
    assert (np.abs(frequencies - p) <= 5 * np.sqrt(p * (1 - p) / n)).all()


def test_step_size_schedule():
    alpha = step_size_schedule(0.6)
    assert_allclose([alpha(n) for n in [1, 2, 32]], [1, 2**-0.6, 1 / 8])


@pytest.mark.parametrize(
    ("k", "mean"),
    [  # David and Nagaraja: closed forms
        (1, 0),
        (2, np.pi**-0.5),
        (3, 1.5 * np.pi**-0.5),
        (4, 3 * np.pi**-0.5 * (0.5 + np.arcsin(1 / 3) / np.pi)),
        (5, 5 * np.pi**-0.5 * (0.25 + 1.5 * np.arcsin(1 / 3) / np.pi)),
    ],
)
def test_expected_maximum_in_closed_form(k, mean):
    assert_allclose(expected_maximum(k), mean, rtol=1e-12, atol=1e-15)


def test_expected_maximum_is_that_of_samples():
    maxima = np.random.default_rng(0).normal(size=(200_000, 10)).max(axis=1)
    assert abs(maxima.mean() - expected_maximum(10)) < 5 * maxima.std() / np.sqrt(200_000)


def run(**changed):
    return next(q_learning_steps(grid_world(["S.G"]), **(USUAL | changed)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: run(alpha=-0.1), "alpha: expected a number from 0 to 1, got -0.1"),
        (lambda: run(alpha=1.5), "alpha: "),
        (lambda: run(discount=1.1), "discount: "),
        (lambda: run(epsilon=-0.1), "epsilon: "),
        (lambda: run(max_steps=0), "max_steps: "),
        (lambda: run(q_0=np.nan), "q_0: expected finite numbers"),
        (lambda: run(alpha=lambda n: 1.5), "alpha: expected a number from 0 to 1, got 1.5"),
        (lambda: epsilon_greedy([], 0.1, rng=np.random.default_rng(0)), "q: expected at least"),
        (lambda: epsilon_greedy([0, np.nan], 0.1, rng=np.random.default_rng(0)), "q: expected fin"),
        (lambda: epsilon_greedy([0, 1], -0.1, rng=np.random.default_rng(0)), "epsilon: "),
        (lambda: run(rng=None), "rng: "),
        (lambda: step_size_schedule(0.5), "omega: expected a number above 0.5 and up to 1"),
        (lambda: step_size_schedule(1.1), "omega: "),
        (lambda: expected_maximum(0), "k: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# The exercise.


def rewritten(function):
    """Let a wrong formula give the new entry, and put it into a copy."""

    def solution(q, s_tm1, a_tm1, r_t, s_t, terminated, alpha, discount):
        after = q.copy()
        after[s_tm1, a_tm1] = function(
            q[s_tm1, a_tm1], q[s_t], r_t, discount * (not terminated), alpha, a_tm1
        )
        return after

    return solution


def without_a_mask(q, s_tm1, a_tm1, r_t, s_t, terminated, alpha, discount):
    return updated(q, s_tm1, a_tm1, r_t, s_t, False, alpha, discount)


def nothing_at_the_end(q, s_tm1, a_tm1, r_t, s_t, terminated, alpha, discount):
    reward = 0.0 if terminated else r_t
    return updated(q, s_tm1, a_tm1, reward, s_t, terminated, alpha, discount)


def in_place(q, *step):
    q[:] = updated(q, *step)
    return q


def test_exercise_accepts_the_reference():
    assert grade_result("q_learning", updated).passed
    right = rewritten(lambda v, q_t, r, g, alpha, a: (1 - alpha) * v + alpha * (r + g * max(q_t)))
    assert grade_result("q_learning", right).passed


@pytest.mark.parametrize(
    "wrong",
    [
        without_a_mask,
        nothing_at_the_end,
        in_place,
        rewritten(lambda v, q_t, r, g, alpha, a: v + alpha * (r + g * q_t[a] - v)),
        rewritten(lambda v, q_t, r, g, alpha, a: v + alpha * (r + g * max(q_t))),
        rewritten(lambda v, q_t, r, g, alpha, a: v + alpha * (r + g * np.argmax(q_t) - v)),
        rewritten(lambda v, q_t, r, g, alpha, a: v + alpha * (r + max(q_t) - v)),
        rewritten(lambda v, q_t, r, g, alpha, a: v + alpha * (r + g * np.mean(q_t) - v)),
        rewritten(lambda v, q_t, r, g, alpha, a: r + g * max(q_t)),
    ],
)
def test_exercise_rejects(wrong):
    report = grade_result("q_learning", wrong)
    assert report.attempted
    assert not report.passed

"""The engine against torch, central differences and gradients by hand."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import mutually_broadcastable_shapes
from numpy.testing import assert_allclose

from mlsheet.deep_learning.activation_functions import tanh
from mlsheet.deep_learning.backpropagation import (
    Layers,
    Tensor,
    concatenate,
    embedding,
    gather,
    grad,
    gradient_check,
    mlp_backward,
    mlp_forward,
    operation,
    pad,
    stack,
    straight_through,
    where,
)
from mlsheet.deep_learning.loss_functions import cross_entropy
from mlsheet.notebook.practice import grade_result

SHAPE = (3, 5, 2)
INDEX = np.array([[[4, 0]], [[1, 1]], [[2, 3]]])
EPS, TOLERANCE = 1e-5, 1e-7


def numbers(shape, seed=0, low=None):
    rng = np.random.default_rng(seed)
    return rng.normal(size=shape) if low is None else rng.uniform(low, low + 2, size=shape)


def weighted(result, seed=9):
    """Reduce a result to one number in which each entry has a weight of its own."""
    return (result * numbers(result.shape, seed)).sum()


# torch: the same inputs, the same results and gradients.


@pytest.mark.parametrize(
    ("case", "function", "shapes"),
    [
        ("add", lambda x, y: x + y, [SHAPE, (5, 1)]),
        ("sub", lambda x, y: x - y, [(1, 2), SHAPE]),
        ("mul", lambda x, y: x * y, [SHAPE, (3, 1, 2)]),
        ("div", lambda x, y: x / (y * y + 1), [SHAPE, (2,)]),
        ("matmul", lambda x, y: x @ y, [(3, 1, 4, 5), (2, 5, 2)]),
        ("matmul_shared", lambda x, y: x @ y, [(3, 4, 5), (5, 2)]),
        ("exp", lambda x: x.exp(), [SHAPE]),
        ("abs", lambda x: x.abs(), [SHAPE]),
        ("clip", lambda x: x.clip(-0.5, 0.7), [SHAPE]),
        ("sum", lambda x: x.sum((0, 2)), [SHAPE]),
        ("mean", lambda x: x.mean(1, keepdims=True), [SHAPE]),
        ("max", lambda x: x.max(1), [SHAPE]),
        ("logsumexp", lambda x: x.logsumexp((0, 2)), [SHAPE]),
        ("gather", lambda x: gather(x, INDEX, 1), [SHAPE]),
        ("embedding", lambda x: embedding(x, [[0, 2], [2, 1]]), [(4, 3)]),
    ],
)
def test_torch_says_the_same(torch_oracle, case, function, shapes):
    torch_oracle(case, function, shapes)


# Central differences, on odd and unequal shapes, off the kinks.


@pytest.mark.parametrize(
    ("function", "inputs"),
    [
        (lambda x, y: x + y, [numbers(SHAPE), numbers((5, 1), 1)]),
        (lambda x, y: x - y, [numbers((2,)), numbers(SHAPE, 1)]),
        (lambda x, y: x * y, [numbers(SHAPE), numbers((3, 1, 2), 1)]),
        (lambda x, y: x / y, [numbers((5, 1)), numbers(SHAPE, 1, low=1)]),
        (lambda x: 2 - x * 3 + 1 / (x + 9), [numbers(SHAPE)]),
        (lambda x: -x, [numbers(SHAPE)]),
        (lambda x: x**3, [numbers(SHAPE)]),
        (lambda x: x**-0.5, [numbers(SHAPE, low=1)]),
        (lambda x: x.exp(), [numbers(SHAPE)]),
        (lambda x: x.log(), [numbers(SHAPE, low=1)]),
        (lambda x: x.sqrt(), [numbers(SHAPE, low=1)]),
        (lambda x: x.abs(), [numbers(SHAPE)]),
        (lambda x: x.clip(-0.5, 0.7), [numbers(SHAPE)]),
        (lambda x, y: x @ y, [numbers((4, 5)), numbers((5, 2), 1)]),
        (lambda x, y: x @ y, [numbers((3, 4, 5)), numbers((5, 2), 1)]),
        (lambda x, y: x @ y, [numbers((4, 5)), numbers((3, 5, 2), 1)]),
        (lambda x, y: x @ y, [numbers((3, 1, 4, 5)), numbers((2, 5, 2), 1)]),
        (lambda x: x @ numbers((2, 4)), [numbers(SHAPE)]),
        (lambda x: numbers((4, 5)) @ x, [numbers(SHAPE)]),
        (lambda x: x.sum(), [numbers(SHAPE)]),
        (lambda x: x.sum(-1, keepdims=True), [numbers(SHAPE)]),
        (lambda x: x.mean((0, 2)), [numbers(SHAPE)]),
        (lambda x: x.mean(), [numbers(SHAPE)]),
        (lambda x: x.max(), [numbers(SHAPE)]),
        (lambda x: x.max(1, keepdims=True), [numbers(SHAPE)]),
        (lambda x: x.logsumexp(), [numbers(SHAPE)]),
        (lambda x: x.logsumexp(1, keepdims=True), [numbers(SHAPE)]),
        (lambda x: x.reshape(5, 6), [numbers(SHAPE)]),
        (lambda x: x.reshape(-1), [numbers(SHAPE)]),
        (lambda x: x.transpose(), [numbers(SHAPE)]),
        (lambda x: x.transpose(1, 2, 0), [numbers(SHAPE)]),
        (lambda x: x.swapaxes(0, -1), [numbers(SHAPE)]),
        (lambda x: x[1], [numbers(SHAPE)]),
        (lambda x: x[..., ::2, None, :1], [numbers(SHAPE)]),
        (lambda x: x[:, np.array([4, 0, 4])], [numbers(SHAPE)]),
        (lambda x: x[[2, 2, 0], [1, 1, 3]], [numbers(SHAPE)]),
        (lambda x: x[numbers(SHAPE) > 0], [numbers(SHAPE)]),
        (lambda x, y: concatenate([x, y, x], 1), [numbers(SHAPE), numbers((3, 2, 2), 1)]),
        (lambda x, y: concatenate([x, np.ones((1, 2)), y]), [numbers((3, 2)), numbers((4, 2), 1)]),
        (lambda x, y: stack([x, y, y], 1), [numbers((4, 3)), numbers((4, 3), 1)]),
        (lambda x: pad(x, [(1, 0), (0, 2), (3, 1)]), [numbers(SHAPE)]),
        (lambda x, y: where(numbers((3, 1, 2)) > 0, x, y), [numbers(SHAPE), numbers((5, 1), 1)]),
        (lambda x: gather(x, INDEX, 1), [numbers(SHAPE)]),
        (lambda x: embedding(x, [[0, 2], [2, 1]]), [numbers((4, 3))]),
        (lambda x: straight_through(x.value, x), [numbers(SHAPE)]),
    ],
)
def test_gradients_are_central_differences(function, inputs):
    assert gradient_check(lambda *x: weighted(function(*x)), inputs, eps=EPS) < TOLERANCE


@given(mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3))
def test_broadcasting_is_undone(shapes):
    x, y = (numbers(shape, seed) for seed, shape in enumerate(shapes.input_shapes))
    for function in (lambda x, y: x + y, lambda x, y: x * y, lambda x, y: where(True, x, y)):
        assert gradient_check(lambda a, b, f=function: weighted(f(a, b)), [x, y]) < TOLERANCE


# The graph.


def test_a_weight_used_twice_gets_the_sum_over_its_paths():
    w = Tensor(0.7)
    y = tanh(w * 1.5) * w
    sine = operation("sin", np.sin(y.value), (y, lambda g: g * np.cos(y.value)))
    a = np.tanh(0.7 * 1.5)
    both = np.cos(0.7 * a) * (a + 0.7 * (1 - a**2) * 1.5)
    assert_allclose(grad(sine, [w])[0], both, rtol=1e-14)
    assert abs(both - 1.0162) < 5e-5


def test_gradients_of_inner_nodes_and_inputs():
    x = Tensor([1.0, 2.0])
    square = x * x
    loss = (square * square).sum()
    inner, outer, one = grad(loss, [square, x, loss])
    assert_allclose(inner, 2 * x.value**2)
    assert_allclose(outer, 4 * x.value**3)
    assert one == 1


def test_what_the_loss_does_not_depend_on_has_gradient_zero():
    x, other = Tensor([1.0, 2.0]), Tensor(np.ones((2, 3)))
    assert not grad((x * x).sum(), [other])[0].any()
    assert_allclose(grad((x.detach() * x).sum(), [x])[0], x.value)
    assert not grad((x.detach() * 2).sum(), [x])[0].any()


def test_asking_twice_gives_the_same():
    x = Tensor(numbers(SHAPE))
    loss = weighted(x.exp())
    first, second = grad(loss, [x])[0], grad(loss, [x])[0]
    assert np.array_equal(first, second)
    assert first is not second


def test_returned_gradients_belong_to_the_caller():
    x, y = Tensor([1.0]), Tensor([1.0])
    dx, dy = grad((x + y).sum(), [x, y])
    dx += 5
    assert dy == 1


def test_values_are_never_changed():
    x, constant = numbers(SHAPE), numbers(SHAPE, 1)
    before = x.copy(), constant.copy()
    tensor = Tensor(x)
    grad(weighted((constant * tensor).logsumexp(1) + tensor[:, 0] / 2), [tensor])
    assert np.array_equal(x, before[0])
    assert np.array_equal(constant, before[1])


def test_a_chain_of_five_thousand_nodes_does_not_overflow():
    x = Tensor(1.0)
    y = x
    for _ in range(5000):
        y = y * 1.0002
    assert_allclose(grad(y, [x])[0], 1.0002**5000, rtol=1e-10)


def test_a_wide_and_deep_diamond_is_walked_once():
    y = x = Tensor(1.0)
    for _ in range(60):  # 2^60 paths
        y = y * 0.5 + y * 0.5
    assert_allclose(grad(y, [x])[0], 1, rtol=1e-12)


def test_a_rule_of_the_wrong_shape_is_named():
    x = Tensor(np.ones((2, 3)))
    bad = operation("bad", x.value.sum(axis=0), (x, lambda g: g))
    with pytest.raises(AssertionError, match=r"bad: gradient of shape \(3,\) for \(2, 3\)"):
        grad(bad.sum(), [x])


def test_equal_maxima_share():
    x = Tensor([2.0, 2.0, 1.0])
    assert_allclose(grad(x.max(), [x])[0], [0.5, 0.5, 0])


def test_logsumexp_does_not_overflow():
    x = Tensor([1000.0, 1000.0])
    assert_allclose(x.logsumexp().value, 1000 + np.log(2))
    assert_allclose(grad(x.logsumexp(), [x])[0], [0.5, 0.5])


def test_numpy_leaves_mixed_arithmetic_to_the_tensor():
    x = Tensor([1.0, 2.0])
    for result in (
        np.ones(2) + x,
        np.ones(2) * x,
        np.ones(2) - x,
        np.ones(2) / x,
        np.eye(2) @ x[:, None],
    ):
        assert isinstance(result, Tensor)


# The network by hand.


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_hand_written_gradients_are_the_engines(seed):
    rng = np.random.default_rng(seed)
    n, d, h, k = 7, 3, 4, 5
    layers = Layers(*(rng.normal(size=shape) for shape in [(d, h), (h,), (h, k), (k,)]))
    X, classes = rng.normal(size=(n, d)), rng.integers(k, size=n)
    hidden, output = mlp_forward(layers, X)
    tensors = [Tensor(parameter) for parameter in layers]
    W1, b1, W2, b2 = tensors
    logits = tanh(X @ W1 + b1) @ W2 + b2
    assert_allclose(logits.value, output, rtol=1e-12)
    loss = cross_entropy(logits, classes)
    output_gradient = grad(loss, [logits])[0]
    by_hand = mlp_backward(layers, X, hidden, output_gradient)
    for engine, hand in zip(grad(loss, tensors), by_hand, strict=True):
        assert_allclose(engine, hand, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: x + np.ones((2, 2)), r"add: shapes \(3, 5, 2\) and \(2, 2\) don't broadcast"),
        (lambda x: x * np.ones(3), r"mul: shapes .* don't broadcast"),
        (lambda x: x @ np.ones((3, 4)), r"matmul: expected .* got \(3, 5, 2\) and \(3, 4\)"),
        (lambda x: x @ np.ones(2), r"matmul: expected .* got \(3, 5, 2\) and \(2,\)"),
        (lambda x: x @ np.ones((4, 2, 2)), "matmul: the batches of .* don't fit"),
        (lambda x: concatenate([]), "concatenate: "),
        (lambda x: concatenate([x, np.ones((3, 5))]), "concatenate: "),
        (lambda x: stack([x, np.ones((3, 5))]), "stack: "),
        (lambda x: pad(x, [(1, 1)]), "pad: expected 3 pairs of widths, got 1"),
        (lambda x: where(np.ones(4), x, 0.0), "where: shapes .* don't broadcast"),
        (lambda x: gather(x, [0, 1]), "gather: expected an index with 3 axes, got 1"),
        (lambda x: embedding(np.ones((2, 3)), [2]), "embedding: expected row numbers from 0 to 1"),
        (lambda x: embedding(np.ones((2, 3)), [-1]), "embedding: expected row numbers"),
        (
            lambda x: straight_through(np.ones(2), x),
            r"straight_through: expected shape \(3, 5, 2\)",
        ),
        (lambda x: grad(x, [x]), r"loss: expected a single number, got shape \(3, 5, 2\)"),
        (lambda x: gradient_check(lambda y: y, [x.value]), "loss: expected a single number"),
        (lambda x: gradient_check(lambda y: y.sum(), [x.value], eps=0), "eps: "),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call(Tensor(numbers(SHAPE)))


def test_steps_of_descent_lower_the_loss():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(20, 3)), rng.integers(2, size=20)
    W = Tensor(np.zeros((3, 2)))
    losses = []
    for _ in range(30):
        loss = cross_entropy(X @ W, y)
        losses.append(float(loss.value))
        W = Tensor(W.value - 0.5 * grad(loss, [W])[0])
    assert all(later < earlier for earlier, later in itertools.pairwise(losses))


# The exercise: it takes what is right and sees what is wrong.


def right(X, W1, W2, targets):
    hidden = np.tanh(X @ W1)
    error = hidden @ W2 - targets
    return X.T @ (error @ W2.T * (1 - hidden**2)), hidden.T @ error


def without_the_activation(X, W1, W2, targets):
    error = np.tanh(X @ W1) @ W2 - targets
    return X.T @ (error @ W2.T), np.tanh(X @ W1).T @ error


def slope_of_the_value(X, W1, W2, targets):
    hidden = np.tanh(X @ W1)
    error = hidden @ W2 - targets
    return X.T @ (error @ W2.T * (1 - (X @ W1) ** 2)), hidden.T @ error


def averaged(X, W1, W2, targets):
    return tuple(gradient / len(X) for gradient in right(X, W1, W2, targets))


def ascending(X, W1, W2, targets):
    return tuple(-gradient for gradient in right(X, W1, W2, targets))


def one_example_only(X, W1, W2, targets):
    return right(X[:1], W1, W2, targets[:1])


def test_the_exercise_takes_a_solution():
    report = grade_result("backpropagation", right)
    assert report.passed, report.message


@pytest.mark.parametrize(
    "wrong",
    [without_the_activation, slope_of_the_value, averaged, ascending, one_example_only],
)
def test_the_exercise_rejects_what_is_wrong(wrong):
    report = grade_result("backpropagation", wrong)
    assert report.attempted
    assert not report.passed

"""Exercise of section 2.11: the nearest point that a fence allows."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Function, Holds
from mlsheet.validation import FloatArray


def nearest_allowed(bone: FloatArray, a: FloatArray, b: float) -> tuple[FloatArray, float]:
    """Minimise ``|z - bone|^2`` where ``a @ z <= b``; return the minimum and its multiplier."""
    price = max(0.0, float(2 * (a @ bone - b) / (a @ a)))
    return bone - price * a / 2, price


def _cost(bone: FloatArray, a: FloatArray, b: float) -> float:
    return float(np.sum((nearest_allowed(bone, a, b)[0] - bone) ** 2))


def _is_price(f: Function, bone: FloatArray, a: FloatArray, b: float) -> bool:
    """Whether the multiplier is what the cost falls by, per unit by which the fence moves."""
    slope = (_cost(bone, a, b + 1e-4) - _cost(bone, a, b - 1e-4)) / 2e-4
    return bool(np.isclose(f(bone, a, b)[1], -slope, rtol=1e-6, atol=1e-6))


_BEHIND = [
    (np.array([1.0]), np.array([1.0]), 0.0),
    (np.array([0.0, 0.0]), np.array([-1.0, -1.0]), -1.0),
    (np.array([2.0, -1.0, 0.5]), np.array([1.0, 2.0, 3.0]), -4.0),
]
_INSIDE = [
    (np.array([1.0]), np.array([1.0]), 3.0),
    (np.array([1.0, 0.8]), np.array([-1.0, -1.0]), -1.0),
]

EXERCISE = Exercise(
    arguments=("bone", "a", "b"),
    properties=(
        Equals("a bone behind the fence leaves the dog at the fence", nearest_allowed, _BEHIND),
        Equals("a bone in the yard is reached, at the price 0", nearest_allowed, _INSIDE),
        Holds("the multiplier is the price of the fence, −df*/db", _is_price, _BEHIND + _INSIDE),
    ),
)

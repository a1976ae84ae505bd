"""Exercise of section 1.12.4: the log partition function of a chain."""

import numpy as np

from mlsheet.notebook.practice.grading import Equals, Exercise, Function, Holds
from mlsheet.probability.partition_function import log_partition_chain
from mlsheet.validation import FloatArray

_ROOM = (np.array([[1.0, 2.0]] * 3), np.array([[3.0, 1.0], [1.0, 3.0]]))
_UNEVEN = (
    np.array([[1.0, 2.0, 0.5], [3.0, 1.0, 1.0], [0.2, 1.0, 4.0], [1.0, 5.0, 2.0]]),
    np.array([[2.0, 1.0, 0.3], [4.0, 1.0, 1.0], [0.5, 6.0, 1.0]]),
)
_LONG = (np.array([[1.0, 2.0]] * 800), _ROOM[1])


def _scales(f: Function, unary: FloatArray, pairwise: FloatArray) -> bool:
    tenfold = f(unary, 10 * pairwise)
    links = len(unary) - 1
    return bool(np.isclose(tenfold, f(unary, pairwise) + links * np.log(10), rtol=1e-9))


EXERCISE = Exercise(
    arguments=("unary", "pairwise"),
    properties=(
        Equals("it is the log of the sum over all states", log_partition_chain, [_ROOM, _UNEVEN]),
        Equals("one person has no link", log_partition_chain, [(_UNEVEN[0][:1], _UNEVEN[1])]),
        Equals("it does not overflow on a long chain", log_partition_chain, [_LONG]),
        Holds("a factor of 10 on each link adds log 10 a link", _scales, [_ROOM, _UNEVEN]),
    ),
)

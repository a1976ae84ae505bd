"""Exercise of section 2.9: cosine similarity."""

import numpy as np

from mlsheet.linear_algebra.matrix_operations import cosine_similarity
from mlsheet.notebook.practice.grading import Equals, Exercise, Holds

_QUERY = np.array([[2.0, 0.0]])
_ARTICLES = np.array([[3.0, 1.0], [4.0, 8.0]])
_RANDOM = np.random.default_rng(29)
_INPUTS = [
    (_QUERY, _ARTICLES),
    (_RANDOM.normal(size=(3, 5)), _RANDOM.normal(size=(4, 5))),
]
_BLANK = [(_QUERY, np.array([[0.0, 0.0], [5.0, 5.0]]))]

EXERCISE = Exercise(
    arguments=("A", "B"),
    properties=(
        Equals("it compares each row of A with each row of B", cosine_similarity, _INPUTS),
        Holds(
            "lengths don't matter to it",
            lambda f, A, B: np.allclose(f(A, B), f(0.01 * A, 100 * B)),
            _INPUTS,
        ),
        Equals("it gives 0 to a row of zeros", cosine_similarity, _BLANK),
    ),
)

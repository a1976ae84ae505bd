"""What torch says, as recorded by ``tests/oracles/record_torch.py``."""

import zlib
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from mlsheet.deep_learning.backpropagation import Tensor, grad

RECORDS = Path(__file__).parents[1] / "oracles" / "torch.npz"


@pytest.fixture
def torch_oracle():
    """Return a function that holds an operation against torch's values and gradients."""

    def compare(case, function, shapes):
        rng = np.random.default_rng(zlib.crc32(case.encode()))
        inputs = [Tensor(rng.normal(size=shape)) for shape in shapes]
        result = function(*inputs)
        loss = (result * rng.normal(size=result.shape)).sum()
        with np.load(RECORDS) as records:
            assert_allclose(result.value, records[f"{case}/result"], rtol=1e-10, atol=1e-12)
            for i, gradient in enumerate(grad(loss, inputs)):
                expected = records[f"{case}/gradient{i}"]
                assert_allclose(gradient, expected, rtol=1e-10, atol=1e-12)

    return compare


@pytest.fixture
def torch_path_oracle():
    """Return a function that walks an optimiser along torch's gradients, step by step."""

    def compare(case, start, step):
        with np.load(RECORDS) as records:
            path = [records[f"{case}/path{i}"] for i in range(2)]
        rng = np.random.default_rng(zlib.crc32(case.encode()))
        state = start([rng.normal(size=parameter.shape[1:]) for parameter in path])
        for expected in zip(*path, strict=True):
            state = step(state, [rng.normal(size=parameter.shape) for parameter in expected])
            for ours, theirs in zip(state.parameters, expected, strict=True):
                assert_allclose(ours, theirs, rtol=1e-12, atol=1e-14)

    return compare

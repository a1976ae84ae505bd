"""The data files against scikit-learn's, and against damage."""

import numpy as np
import pytest
from scipy import stats
from sklearn import datasets

from mlsheet.data import files


def test_diabetes_is_scikit_learns():
    diabetes, theirs = files.load_diabetes(), datasets.load_diabetes(scaled=False)
    assert np.array_equal(diabetes.X, theirs.data)
    assert np.array_equal(diabetes.y, theirs.target)
    assert diabetes.features == tuple(theirs.feature_names)


def test_digits_are_scikit_learns():
    digits, theirs = files.load_digits(), datasets.load_digits()
    assert np.array_equal(digits.images, theirs.images)
    assert np.array_equal(digits.labels, theirs.target)


def test_iris_is_scikit_learns():
    iris, theirs = files.load_iris(), datasets.load_iris()
    assert np.array_equal(iris.X, theirs.data)
    assert np.array_equal(iris.y, theirs.target)
    assert iris.species == tuple(theirs.target_names)
    assert iris.features == tuple(theirs.feature_names)


def test_sleep_gives_the_published_t_tests():
    """The output of R's ``t.test(extra ~ group, data = sleep)``, and the paired one."""
    sleep = files.load_sleep()
    welch = stats.ttest_ind(*sleep, equal_var=False)
    assert [round(x, 4) for x in (welch.statistic, welch.df)] == [-1.8608, 17.7765]
    assert round(stats.ttest_rel(*sleep).statistic, 4) == -4.0621
    assert [sleep.drug_1.tolist()[5], sleep.drug_2.tolist()[5]] == [3.4, 4.4]


@pytest.mark.parametrize(
    "load", [files.load_diabetes, files.load_digits, files.load_iris, files.load_sleep]
)
def test_each_call_gives_fresh_arrays(load):
    before = load()[0].copy()
    load()[0][:] = -9
    assert np.array_equal(load()[0], before)


@pytest.mark.parametrize(
    ("load", "name"),
    [
        (files.load_diabetes, "diabetes.csv"),
        (files.load_digits, "digits.npz"),
        (files.load_iris, "iris.csv"),
        (files.load_sleep, "sleep.csv"),
    ],
)
def test_a_damaged_file_is_named(load, name, tmp_path, monkeypatch):
    content = bytearray((files.resources.files("mlsheet.data") / name).read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / name).write_bytes(content)
    monkeypatch.setattr(files.resources, "files", lambda package: tmp_path)
    with pytest.raises(ValueError, match=f"mlsheet/data/{name} is damaged"):
        load()


def test_every_file_has_a_checksum_and_a_licence():
    folder = files.resources.files("mlsheet.data")
    licences = (folder / "LICENSES.md").read_text(encoding="utf-8")
    data = {path.name for path in folder.iterdir() if path.suffix in (".npz", ".csv", ".txt")}
    assert data == files.CHECKSUMS.keys()
    assert all(f"`{name}`" in licences for name in data)

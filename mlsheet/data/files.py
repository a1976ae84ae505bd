"""Data sets kept in files; each file is held against its SHA-256 before it is used."""

import hashlib
import io
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlsheet.validation import FloatArray

CHECKSUMS = {
    "diabetes.csv": "9193026b7622ff944f0a6855a10107b24caf50dad69787c46e6890e69c27faca",
    "digits.npz": "78a85852f7f6b2b5d209ab9b246a3f6783ba99bf264099704d8725980b7e0b97",
    "iris.csv": "30821fb97cfd3335f67711058ee448fe1784557c374c82e52645e78563bafdb1",
    "sleep.csv": "7220b96dd817c6e1a6d08effb906aa0d675b88ab6185d3621aa8bdc7f9f2a8b4",
}


class Diabetes(NamedTuple):
    """Patients with diabetes, and how their disease went on.

    Parameters
    ----------
    X : ndarray of float64, shape (442, 10)
        Age in years, sex (1 or 2), body mass index in kg/m², mean blood pressure in mmHg, and six
        blood serum measurements, as they were taken.
    y : ndarray of float64, shape (442,)
        A score of the disease's progress one year later.
    features : tuple of str
        The names of the ten columns.
    """

    X: FloatArray
    y: FloatArray
    features: tuple[str, ...]


class Digits(NamedTuple):
    """Handwritten digits.

    Parameters
    ----------
    images : ndarray of float64, shape (1797, 8, 8)
        Grey values from 0 (paper) to 16 (ink).
    labels : ndarray of int, shape (1797,)
        The digit, 0 to 9.
    """

    images: FloatArray
    labels: NDArray[np.intp]


class Iris(NamedTuple):
    """Measurements of iris flowers.

    Parameters
    ----------
    X : ndarray of float64, shape (150, 4)
        Length and width of sepal and petal, in cm.
    y : ndarray of int, shape (150,)
        The species, as an index of `species`.
    features : tuple of str
        The names of the four columns.
    species : tuple of str
        The names of the three species.
    """

    X: FloatArray
    y: NDArray[np.intp]
    features: tuple[str, ...]
    species: tuple[str, ...]


class Sleep(NamedTuple):
    """Ten patients who were given two drugs, in the same order of patients.

    Parameters
    ----------
    drug_1, drug_2 : ndarray of float64, shape (10,)
        Mean extra hours of sleep of each patient, against nights without a drug.
    """

    drug_1: FloatArray
    drug_2: FloatArray


def load_diabetes() -> Diabetes:
    """Return 442 patients with diabetes, ten measurements each and the progress of the disease.

    Returns
    -------
    Diabetes
        Measurements, progress and the measurements' names.

    Raises
    ------
    ValueError
        If the file is damaged.

    References
    ----------
    B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, "Least angle regression", Annals of
    Statistics 32 (2004).

    Examples
    --------
    >>> load_diabetes().features[:4]
    ('age', 'sex', 'bmi', 'bp')
    """
    head, *rows = (line.split(",") for line in _content("diabetes.csv").decode().splitlines())
    numbers = np.array(rows, dtype=np.float64)
    return Diabetes(numbers[:, :-1].copy(), numbers[:, -1].copy(), tuple(head[:-1]))


def load_digits() -> Digits:
    """Return 1,797 handwritten digits of 8 × 8 pixels.

    Returns
    -------
    Digits
        Images and labels.

    Raises
    ------
    ValueError
        If the file is damaged.

    References
    ----------
    E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
    Repository (1998).

    Examples
    --------
    >>> load_digits().images.shape
    (1797, 8, 8)
    """
    with np.load(io.BytesIO(_content("digits.npz"))) as arrays:
        return Digits(arrays["images"].astype(np.float64), arrays["labels"].astype(np.intp))


def load_iris() -> Iris:
    """Return 150 iris flowers, 50 of each of three species.

    Returns
    -------
    Iris
        Measurements, species and their names.

    Raises
    ------
    ValueError
        If the file is damaged.

    References
    ----------
    R. A. Fisher, "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7
    (1936).

    Examples
    --------
    >>> load_iris().species
    ('setosa', 'versicolor', 'virginica')
    """
    head, *rows = (line.split(",") for line in _content("iris.csv").decode().splitlines())
    names, y = np.unique([row[-1] for row in rows], return_inverse=True)
    X = np.array([row[:-1] for row in rows], dtype=np.float64)
    return Iris(X, y, tuple(head[:-1]), tuple(names.tolist()))


def load_sleep() -> Sleep:
    """Return the extra hours of sleep that two drugs gave the same ten patients.

    Returns
    -------
    Sleep
        The hours gained with each drug.

    Raises
    ------
    ValueError
        If the file is damaged.

    References
    ----------
    Student, "The probable error of a mean", Biometrika 6 (1908), section 9.

    Examples
    --------
    >>> sleep = load_sleep()
    >>> print(f"{sleep.drug_1.mean():.2f} {sleep.drug_2.mean():.2f}")
    0.75 2.33
    """
    _, *rows = (line.split(",") for line in _content("sleep.csv").decode().splitlines())
    drug_1, drug_2 = np.array(rows, dtype=np.float64).T
    return Sleep(drug_1.copy(), drug_2.copy())


def _content(name: str) -> bytes:
    content = resources.files("mlsheet.data").joinpath(name).read_bytes()
    if hashlib.sha256(content).hexdigest() != CHECKSUMS[name]:
        raise ValueError(
            f"mlsheet/data/{name} is damaged (its SHA-256 differs): fetch the file anew"
        )
    return content

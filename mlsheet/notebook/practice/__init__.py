"""Exercises: the reader writes a function, `grade` says in words what does not hold yet.

One module per exercise, named as its section's module; each defines ``EXERCISE``.
"""

from mlsheet.notebook.practice.grading import Equals, Exercise, Holds, Report, grade, grade_result

__all__ = ["Equals", "Exercise", "Holds", "Report", "grade", "grade_result"]

"""Small data sets that travel with the book, and generators of synthetic ones.

Donors, sources and licences stand in ``LICENSES.md``.
"""

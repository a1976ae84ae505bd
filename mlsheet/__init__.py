"""Reference implementations behind the interactive machine learning interview study sheet.

One module per section of the book, named as its notebook: ``mlsheet.probability.kl_divergence``
belongs to *1.8 KL Divergence*.  Importing the package loads nothing but this docstring.
"""

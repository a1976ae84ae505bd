"""Chapter 1, Probability and Statistics: one module per section."""

"""Chapter 2, Linear Algebra: one module per section."""

"""Chapter 3, Traditional Machine Learning: one module per section."""

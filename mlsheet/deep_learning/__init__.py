"""Chapter 4, Deep Learning: one module per section."""

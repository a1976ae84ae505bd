"""Chapter 5, Reinforcement Learning: one module per section, and the environments they share."""

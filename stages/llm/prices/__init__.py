"""Known models, their list prices, and what a run would cost."""

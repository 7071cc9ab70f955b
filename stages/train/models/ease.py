"""ease: the closed-form linear model on graded ratings; what a rating counts and λ are stages/train/linear.py's."""

from stages.train.linear import Config, Ease

__all__ = ["MODEL", "Config"]

MODEL = Ease

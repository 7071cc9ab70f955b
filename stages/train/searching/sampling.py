"""The next setting of a search, by Optuna's tree-structured Parzen estimator (TPE).

After ten random trials, TPE prefers settings that are likely among the good trials and unlikely
among the others (Bergstra et al., NeurIPS 2011; Akiba et al., KDD 2019).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.trial import TrialState

from stages.train.searching.space import Range
from stages.train.searching.trials import Trial, as_recorded

Choices = Mapping[str, list[Any] | Range]
"""Values or a range for each parameter."""


def next_drawn(
    choices: Choices,
    before: list[Trial],
    seed: int,
    under_way: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """A value for each parameter.

    It depends on nothing but the choices, the trials before and the seed: the study is built anew
    from these, so the record of a search is all that it needs to continue. Trials with a value that
    is not among the choices teach it nothing.
    under_way: settings whose trials still run. They count as bad ones, so that trials at the same
    time do not all try the same ("constant liar", Ginsbourger et al., 2010; Optuna's default).
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed % 2**32)
    )
    distributions = {name: _distribution(values) for name, values in choices.items()}
    for trial in before:
        if within(choices, trial.parameters):
            params = {name: _place(choices[name], trial.parameters[name]) for name in choices}
            study.add_trial(
                optuna.create_trial(params=params, distributions=distributions, value=trial.ndcg)
            )
    for setting in under_way:
        if within(choices, setting):
            params = {name: _place(choices[name], setting[name]) for name in choices}
            study.add_trial(
                optuna.create_trial(
                    params=params, distributions=distributions, state=TrialState.RUNNING
                )
            )
    drawn = study.ask(distributions).params
    return {name: _value(values, drawn[name]) for name, values in choices.items()}


def within(choices: Choices, parameters: dict[str, Any]) -> bool:
    """Whether each parameter of `choices` has one of its values."""
    return all(
        name in parameters and _place(values, parameters[name]) is not None
        for name, values in choices.items()
    )


def _distribution(values: list[Any] | Range) -> BaseDistribution:
    if isinstance(values, list):
        return CategoricalDistribution(range(len(values)))
    if values.whole:
        return IntDistribution(int(values.low), int(values.high), log=values.log)
    return FloatDistribution(values.low, values.high, log=values.log)


def _value(values: list[Any] | Range, drawn: Any) -> Any:
    """What a trial is given: a drawn number has three digits, so that it can be read and copied."""
    if isinstance(values, list):
        return values[drawn]
    if values.whole:
        return int(drawn)
    return min(max(float(f"{drawn:.3g}"), values.low), values.high)


def _place(values: list[Any] | Range, value: Any) -> Any:
    """What Optuna knows a value by: its place in a list, else itself; None if it is neither."""
    if isinstance(values, list):
        known = [as_recorded(one) for one in values]
        return known.index(as_recorded(value)) if as_recorded(value) in known else None
    is_number = isinstance(value, int | float) and values.low <= value <= values.high
    return value if is_number and (not values.whole or value == int(value)) else None

"""A strategy by its name."""

from importlib import import_module

from stages.core.errors import ParamError
from stages.core.params import check_section
from stages.core.spelling import suggestion
from stages.core.variants import variants
from stages.rerank.computed import ComputedStrategy
from stages.rerank.params import RerankParams
from stages.rerank.strategy import Strategy


def strategy_named(name: str, params: RerankParams) -> Strategy | ComputedStrategy:
    """The strategy with its own section of params.yaml, or a ParamError that lists all."""
    known = variants("stages.rerank.strategies", "STRATEGY")
    if name not in known:
        raise ParamError(
            f"strategies in params.yaml names {name!r}, which is not a file of "
            f"stages/rerank/strategies/; {suggestion(name, known)}"
        )
    module = import_module(known[name])
    config = check_section(
        f"rerank.strategies.{name}", params.strategies.get(name, {}), module.Config
    )
    strategy: Strategy | ComputedStrategy = module.STRATEGY(config)
    return strategy

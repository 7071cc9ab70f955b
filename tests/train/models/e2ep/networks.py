"""Networks of e2ep whose parameters are random, so that all of them affect the output."""

from typing import Any

import torch

from stages.train.fitting.data import TrainingData
from stages.train.models.e2ep.features import item_features
from stages.train.models.e2ep.graph import Graph
from stages.train.models.e2ep.network import Network
from stages.train.models.e2ep.settings import Config

STILL: dict[str, Any] = {
    "edge_dropout": 0.0,
    "feature_dropout": 0.0,
    "cold_items": 0.0,
    "newcomers": 0.0,
}
"""Settings under which a step sees the whole graph."""


def network_of(data: TrainingData, config: Config, seed: int = 0) -> Network:
    """In training mode."""
    assert data.user_text is not None
    text = torch.from_numpy(data.user_text) if config.user_text else None
    features = torch.from_numpy(item_features(data, config.text, config.components))
    torch.manual_seed(seed)
    network = Network(config, Graph(data, config.grades), features, text)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.5)
    return network


def graph_of(network: Network) -> Graph:
    """The network's graph, all of which a step reads."""
    assert isinstance(network.graph, Graph)
    return network.graph

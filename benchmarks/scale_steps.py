"""The graph, steps and candidates that benchmarks/scale.py measures, at one size."""

import os
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch
from made_up_ratings import SEED, Size, read
from scale_clocks import Record, stepped

from stages.core.params import load_section
from stages.core.seeds import generator
from stages.linear.kept import as_arrays
from stages.train.fitting.candidates import chunked, top_candidates
from stages.train.fitting.data import TrainingData
from stages.train.models.e2ep.e2ep import NOTHING, E2ep
from stages.train.models.e2ep.features import item_features
from stages.train.models.e2ep.loss import SoftmaxLoss
from stages.train.models.e2ep.network import Network
from stages.train.models.e2ep.parts import Linear
from stages.train.models.e2ep.prior import Prior, prior_of
from stages.train.models.e2ep.sampled import graph_of
from stages.train.models.e2ep.settings import Config

MOST = 100
"""Candidates per user."""
WARM = 2
"""How often short work is done before it is measured."""
NO_LINEAR = Linear(weight=0.0)


def measured(size: Size, folder: Path, steps: int, users: int, threads: int) -> dict[str, Any]:
    """The figures of a size: ratings, graph, steps, and candidates of a number of users."""
    torch.set_num_threads(threads)
    torch.manual_seed(SEED)
    settings, record = (
        load_section("train.e2ep", Config),
        Record({"load_before": round(os.getloadavg()[0], 2)}),
    )
    data = record.timed("read", lambda: read(size, folder))
    graph = record.timed("graph", lambda: graph_of(data, settings))
    features = record.timed(
        "features", lambda: item_features(data, settings.text, settings.components)
    )
    prior = prior_of(data, features)
    network = Network(settings, graph, torch.from_numpy(features), None)
    _measure_steps(network, SoftmaxLoss(settings, graph, prior, data), steps, record)
    learned = record.timed("look", network.learned)
    model = _model(
        data, prior, {name: tensor.numpy() for name, tensor in learned.items()}, settings
    )
    _measure_candidates(model, data, users, record)
    return {"edges": size.ratings, "users": size.users, "items": size.items, **record.figures}


def _measure_steps(network: Network, softmax: SoftmaxLoss, steps: int, record: Record) -> None:
    """A step, how long it takes to find its edges, and what bounds the rest."""
    runs = record.timed("steps", lambda: stepped(network, softmax, 1 + steps))[:, 1:]
    seconds, cpu = (round(median(values), 3) for values in runs.tolist())
    batches = list(softmax.batches())

    def messages_near() -> int:
        near = softmax.graph.near(batches[0], softmax.settings).graph
        return len(near.edges.subset(near.draw(softmax.settings).kept).rows)

    for _ in range(WARM):
        messages_near()
    messages = record.timed("near", messages_near)
    bounds = {
        "messages": messages,
        "users_a_step": len(batches[0]),
        "items_a_step": softmax.width,
    }
    record.figures |= {"step_seconds": seconds, "step_cpu_seconds": cpu, "bounds": bounds}
    record.figures |= {
        "steps_an_epoch": len(batches),
        "epoch_seconds": round(seconds * len(batches), 1),
    }
    record.figures["runs"] = np.round(runs[0], 3).tolist()


def _model(
    data: TrainingData, prior: Prior, learned: dict[str, np.ndarray], settings: Config
) -> E2ep:
    """e2ep with what was learned, without its linear part."""
    model = E2ep(settings.model_copy(update={"linear": NO_LINEAR}), SEED)
    others = {
        "base": prior.base,
        "lift": prior.lift,
        "present": prior.base,
        "arrived": np.zeros(data.n_items),
        "members": np.array([1]),
        **as_arrays("linear", NOTHING),
        **as_arrays("sequence", NOTHING),
    }
    model.data = data
    model.restore(learned | others | model.chosen.arrays())
    return model


def _measure_candidates(model: E2ep, data: TrainingData, users: int, record: Record) -> None:
    """Lists of a sample of users; the first score also sorts the ratings by user, once for all."""
    sample = np.sort(
        generator(SEED, "users").choice(data.n_users, min(users, data.n_users), replace=False)
    )
    seen, every = data.matrix()[sample], np.ones(data.n_items, dtype=bool)
    record.timed("first_score", lambda: model.score(sample[:1]))
    rows = record.timed(
        "candidates",
        lambda: top_candidates(lambda chunk: model.score(sample[chunk]), seen, every, MOST),
    )
    record.figures |= {"candidates_users": len(sample), "candidates_rows": len(rows)}
    record.figures["users_a_chunk"] = len(chunked(np.arange(data.n_users), data.n_items)[0])

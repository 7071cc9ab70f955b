"""The whole stage: artifacts become the number files."""

from stages.contracts.plan import RunPlan
from stages.evaluate.artifacts import Artifacts
from stages.evaluate.explanations.measures import explanation_measures
from stages.evaluate.output.calls import answering_models, llm_calls
from stages.evaluate.output.files import NumberFiles
from stages.evaluate.output.record import Params, record
from stages.evaluate.output.summary import headline, summary_of, with_family_means
from stages.evaluate.params import EvaluateParams
from stages.evaluate.protocols.groups import known_groups
from stages.evaluate.protocols.measure import COMPARED
from stages.evaluate.results import Evaluation
from stages.evaluate.statistics.contrasts import contrasts
from stages.evaluate.statistics.intervals import intervals
from stages.evaluate.statistics.places import by_history, splits_and_families
from stages.evaluate.statistics.resampling import Resampling
from stages.evaluate.trade_offs import trade_offs


def evaluate(
    dataset: str,
    read: Artifacts,
    plan: RunPlan,
    params: EvaluateParams,
    everything: Params,
) -> NumberFiles:
    """Measure all that the plan asks for; everything: params.yaml, whose hashes the record has."""
    people, resampling = read.people(), Resampling(params.resamples, plan.seed)
    run = Evaluation(read, people, plan, params)
    results = run.results()
    models = with_family_means(results.models)
    places = splits_and_families(results.splits)
    tested = [*places, *by_history(places, params.groups)]
    first = f"{COMPARED[0]}@{params.k[0]}"
    calls = llm_calls(read, plan)
    return NumberFiles(
        summary=summary_of(dataset, models, read.words()),
        headline=headline(models, plan.place_of(plan.splits[0]), params.k[0]),
        intervals=intervals(dataset, tested, params.proposed, resampling),
        groups=contrasts(dataset, places, known_groups(people), first, resampling),
        explanations=explanation_measures(read, people, plan, resampling),
        llm=calls,
        rerank=run.rerankings(),
        record=record(everything, plan, read.checksums(), answering_models(calls)),
        curves=tuple(results.points),
        trade_offs=tuple(trade_offs(run)),
    )

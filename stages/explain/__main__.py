"""`python -m stages.explain`: explain the reranked lists of one base model and strategy."""

from pathlib import Path
from typing import Annotated

import typer

from stages.contracts.items import read_profiled
from stages.contracts.plan import load_fusion_weight, load_reasons
from stages.contracts.reasons import RawReasons
from stages.contracts.rows import CANDIDATES, JUDGED, UserProfile
from stages.contracts.together import together_in
from stages.contracts.words import read_words
from stages.core.errors import one_sentence
from stages.core.log import logged
from stages.core.tables import read_jsonl, read_table, write_jsonl
from stages.explain.lists import explained_lists
from stages.explain.reasons import Explainer


@one_sentence
def main(
    base: Annotated[str, typer.Option(help="Name of the base model.")],
    strategy: Annotated[str, typer.Option(help="Name of the rerank strategy.")],
    candidates: Annotated[Path, typer.Option(help="Candidates of the base model.")],
    judged: Annotated[Path, typer.Option(help="The strategy's values.")],
    reasons: Annotated[Path, typer.Option(help="The claims that rerank was answered.")],
    train: Annotated[Path, typer.Option(help="Training rows of the split.")],
    prepared: Annotated[Path, typer.Option(help="Folder that prepare wrote.")],
    movies: Annotated[Path, typer.Option(help="The enriched movies.")],
    items: Annotated[Path, typer.Option(help="Movie profiles.")],
    users: Annotated[Path, typer.Option(help="User profiles of the split.")],
    out: Annotated[Path, typer.Option(help="File for the explanations.")],
) -> None:
    """Explain every judged user's top k with the claims that hold."""
    params = load_reasons()
    with logged(f"explain {strategy}") as counts:
        catalogue, people = read_profiled(movies, items), list(read_jsonl(users, UserProfile))
        together = together_in(train, len(people), len(catalogue.items))
        words = read_words(prepared)
        explainer = Explainer(catalogue, params.claims, base, strategy, words, together)
        raw = {answer.user_id: answer for answer in read_jsonl(reasons, RawReasons)}
        tables = read_table(candidates, CANDIDATES), read_table(judged, JUDGED)
        lists = explained_lists(*tables, params.k, load_fusion_weight(strategy))
        rows = [
            explainer.explain(people[row], ranking, raw[people[row].user_id], together.history(row))
            for row, ranking in lists
        ]
        write_jsonl(out, rows)
        sentences = [item.reason for row in rows for item in row.items]
        counts |= {
            "users": len(rows),
            "items": len(sentences),
            "without a reason": sentences.count(""),
        }


if __name__ == "__main__":
    typer.run(main)

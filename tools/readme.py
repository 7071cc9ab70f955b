"""`python -m tools.readme` (`make readme`): numbers and outputs in README and docs, written from metrics and commands.

A block `explain` holds what a command prints, `metrics` the models of a data set and split, `families` their NDCG on
several splits or families, `groups` that on groups of users, `rerank` what each strategy makes of a base, `seeds` e2ep's
gain with other seeds, `ratios` how much faster or smaller we are than a peer.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stages.core.tables import read_json, write_text
from stages.report.words import group_words
from tools.blocks import renewed, table

PAGES = ("README.md", "docs/*.md")
COLUMNS = ("ndcg@10", "precision@10", "recall@10", "map@10", "coverage@10")


def printed(command: str) -> str:
    """What `command` prints on a terminal of 100 columns, as a code block."""
    program = Path(sys.executable).parent / command.split()[0]
    environment = os.environ | {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    done = subprocess.run(
        [program, *command.split()[1:]], capture_output=True, text=True, env=environment, check=True
    )
    lines = "\n".join(line.rstrip() for line in done.stdout.strip("\n").splitlines())
    return f"```text\n$ {command}\n{lines}\n```\n"


def metric_table(argument: str) -> str:
    """The full protocol's table of "DATASET SPLIT", best NDCG@10 first, without rerankings and controls."""
    dataset, split = argument.split()
    rows = {name: row for name, row in full_rows(dataset, split).items() if "+" not in name}
    ordered = sorted(rows.items(), key=lambda row: -row[1]["ndcg@10"])
    cells = [[name, *(f"{row[key]:.3f}" for key in COLUMNS)] for name, row in ordered]
    users = next(iter(rows.values()))["users"]
    return f"{table(['model', *COLUMNS], cells)}\n{users} users have a relevant test film.\n\n"


def family_table(argument: str) -> str:
    """NDCG@10 of "DATASET PLACE PLACE …", splits or families, a family with the deviation of its five means."""
    dataset, *places = argument.split()
    tested = read_json(Path("metrics") / dataset / "intervals.json")["splits"]
    models = [name for name in tested[places[0]]["ndcg@10"] if "+" not in name]
    rows = [
        [name, *(_with_deviation(tested[place]["ndcg@10"].get(name)) for place in places)]
        for name in models
    ]
    rows.sort(key=lambda row: row[1], reverse=True)
    users = ", ".join(f"{place} {tested[place]['users']:,}" for place in places)
    return (
        f"{table(['model', *places], rows)}\nNDCG@10; users with a relevant test film: {users}.\n\n"
    )


def _with_deviation(row: dict[str, float] | None) -> str:
    if row is None:
        return "–"
    return (
        f"{row['fold_mean']:.3f} ± {row['fold_sd']:.3f}"
        if "fold_mean" in row
        else f"{row['mean']:.3f}"
    )


def group_table(argument: str) -> str:
    """NDCG@10 of "DATASET PLACE GROUP GROUP …" in groups of users such as `n=3` or `train<10`, beside all."""
    dataset, place, *groups = argument.split()
    models = read_json(Path("metrics") / dataset / "summary.json")["models"]
    found = {
        name: rows[place] for name, rows in models.items() if place in rows and "+" not in name
    }
    keys = ["full", *(f"full/{group}" for group in groups)]
    cells = [
        [name, *(f"{rows[key]['ndcg@10']:.3f}" for key in keys)] for name, rows in found.items()
    ]
    cells.sort(key=lambda row: row[1], reverse=True)
    sizes = ", ".join(
        f"{key.removeprefix('full/')} {next(iter(found.values()))[key]['users']}"
        for key in keys[1:]
    )
    return f"{table(['model', 'all', *groups], cells)}\nNDCG@10 on {place}; users, summed over its splits: {sizes}.\n\n"


def full_rows(dataset: str, split: str) -> dict[str, dict[str, float]]:
    """Every ranking's values under the full protocol."""
    models = read_json(Path("metrics") / dataset / "summary.json")["models"]
    return {name: splits[split]["full"] for name, splits in models.items() if split in splits}


def rerank_table(argument: str) -> str:
    """NDCG@10 of every strategy of "DATASET SPLIT BASE", beside the base and a random and a perfect order of its pool."""
    dataset, split, base = argument.split()
    rows, moved = (
        full_rows(dataset, split),
        read_json(Path("metrics") / dataset / "rerank.json")[split][base],
    )

    def ndcg(name: str) -> str:
        return f"{rows[name]['ndcg@10']:.3f}" if name in rows else "–"

    cells = []
    for strategy, entry in moved.items():
        name, fitted = f"{base}+{strategy}", entry.get("fitted", {}).get("weight")
        weight = "–" if fitted is None else f"{fitted:.2f}"
        values = (
            ndcg(f"{name}+alone"),
            ndcg(name),
            ndcg(f"{name}+fitted"),
            weight,
            f"{entry['fused']['tau']:.2f}",
        )
        questions = sum(entry["questions"].values()) / entry["fused"]["users"]
        cells.append([strategy, f"{questions:.0f}", *values])
    cells.sort(key=lambda row: row[3], reverse=True)
    head = [
        "strategy",
        "questions a user",
        "judge alone",
        "80:20",
        "fitted",
        "its weight",
        "τ of 80:20 to the base",
    ]
    controls = ", ".join(
        f"{_words(name, base)} {ndcg(name)}" for name in rows if _is_control(name, base)
    )
    return f"{table(head, cells)}\nNDCG@10. {base} itself {ndcg(base)}; {controls}.\n\n"


def seed_table(dataset: str) -> str:
    """What benchmarks/seeds.py found on a data set: e2ep less each baseline, among all users and among those with few."""
    result = read_json(Path("benchmarks/results/seeds.json"))[dataset]
    tested, ours = result["tests"]["splits"], result["e2ep"]
    rows = [
        [name, *(_gain(place["between"]["e2ep"][name]) for place in tested.values())]
        for name in _others(tested)
    ]
    head = [
        "e2ep less",
        *(f"{_of_whom(place)}, {one['users']:,} users" for place, one in tested.items()),
    ]
    seeds = " and ".join(", ".join(ours["seeds"]).rsplit(", ", 1))
    mean = f"Seeds {seeds}: mean over the folds {ours['ndcg@10']:.4f} ± {ours['sd']:.4f}, the deviation that of the seeds."
    return f"{table(head, rows)}\nNDCG@10, users pooled over the folds, 95 % intervals; p is Holm-corrected over all pairs of these models. {mean}\n\n"


def _of_whom(place: str) -> str:
    return group_words(place.partition("/")[2]) or "all"


def _others(tested: dict[str, Any]) -> list[str]:
    return list(next(iter(tested.values()))["between"]["e2ep"])


def _gain(cell: dict[str, float]) -> str:
    return f"{cell['difference']:+.4f} ({cell['low']:+.4f} to {cell['high']:+.4f}), p {cell['p_holm']:.4f}"


RATIOS = {
    "time_1m": "seconds of three attention layers on 1M ratings: PyG's GATConv ÷ ours",
    "memory_1m": "their memory: PyG's GATConv ÷ ours",
    "gatv2_time_1m": "seconds with GATv2 scores: PyG's GATv2Conv ÷ ours",
    "time_to_424": "seconds of training to NDCG@10 ≥ .424 on fold-1 of 100K: `unified` on PyG ÷ e2ep",
    "network_time_to_424": "the same without e2ep's linear part",
    "docs_per_second": "profiles embedded a second: OpenVINO ÷ torch in float32",
}


def ratio_table(argument: str) -> str:
    """The ratios of "NAME NAME …", files of benchmarks/results/; ≥ where the peer never got there."""
    rows = []
    for name in argument.split():
        result = read_json(Path("benchmarks/results") / f"{name}.json")
        least = "≥ " if result.get("lower_bound") else ""
        found = [(words, result["ratios"].get(key)) for key, words in RATIOS.items()]
        script = f"[`{name}.py`](../benchmarks/{name}.py)"
        rows += [
            [words, f"{least}{ratio:.1f}", script] for words, ratio in found if ratio is not None
        ]
    return f"{table(['what', 'ratio', 'measured by'], rows)}\n"


def _is_control(name: str, base: str) -> bool:
    return name.startswith((f"{base}+shuffle", f"{base}+oracle"))


def _words(name: str, base: str) -> str:
    control, _, depth = name.removeprefix(f"{base}+").partition("+top")
    order = "a random order" if control == "shuffle" else "a perfect order"
    return f"{order} of {f'its first {depth}' if depth else 'the same pool'}"


KINDS: dict[str, Callable[[str], str]] = {
    "explain": printed,
    "metrics": metric_table,
    "families": family_table,
    "groups": group_table,
    "rerank": rerank_table,
    "seeds": seed_table,
    "ratios": ratio_table,
}


def pages() -> list[Path]:
    """README and the pages of docs/."""
    return sorted(path for pattern in PAGES for path in Path().glob(pattern))


if __name__ == "__main__":
    for page in pages():
        write_text(page, renewed(page.read_text(encoding="utf-8"), KINDS))

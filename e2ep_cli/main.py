"""The root command. `e2ep --help` loads no heavy module."""

import io
import sys

import typer

from e2ep_cli.commands import ablate, cost, data, doctor, explain, gate, llm, recommend, score, tune
from e2ep_cli.commands import run as pipeline

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="End-to-end personalization: a graph-attention recommender, reranked and explained by a language model.",
)
app.add_typer(data.app, name="data", rich_help_panel="Data")
app.command("run", rich_help_panel="Pipeline")(pipeline.run)
for stage in pipeline.STAGES:
    app.command(stage, help=pipeline.about(stage), rich_help_panel="Stages")(
        pipeline.stage_command(stage)
    )
app.command("tune", rich_help_panel="Experiments")(tune.tune)
app.command("ablate", rich_help_panel="Experiments")(ablate.ablate)
app.command("explain", rich_help_panel="Recommendations")(explain.explain)
app.command("recommend", rich_help_panel="Recommendations")(recommend.recommend)
app.command("score", rich_help_panel="Recommendations")(score.score)
app.add_typer(llm.app, name="llm", rich_help_panel="Language model")
app.command("cost", rich_help_panel="Language model")(cost.cost)
app.command("gate", rich_help_panel="Pipeline")(gate.gate)
app.command("doctor", rich_help_panel="Pipeline")(doctor.doctor)


def main() -> None:
    """Entry point of the command `e2ep`; a terminal that lacks a character gets a question mark for it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    app()

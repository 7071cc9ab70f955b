"""`dvc plots` draws curves.csv with the template that dvc.yaml names."""

import csv
import json
from pathlib import Path
from typing import Any

import yaml
from dvc_render.vega import VegaRenderer

ROOT = Path(__file__).parents[1]
CURVES = "metrics/${item.dataset}/curves.csv"


def settings() -> dict[str, Any]:
    """What dvc.yaml says of the plot."""
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    return next(plot[CURVES] for plot in stages["evaluate"]["plots"])


def filled() -> dict[str, Any]:
    """The template with the committed curves of the sample."""
    with (ROOT / "metrics" / "sample" / "curves.csv").open(encoding="utf-8", newline="") as lines:
        points = [row | {"rev": "workspace"} for row in csv.DictReader(lines)]
    wanted = {
        name: settings()[name] for name in ("template", "title", "x", "y", "x_label", "y_label")
    }
    return VegaRenderer(
        points, "curves", template_dir=str(ROOT / ".dvc" / "plots"), **wanted
    ).get_filled_template()


def test_no_place_of_the_template_stays_open() -> None:
    assert "DVC_METRIC" not in json.dumps(filled())


def test_each_model_is_a_line_of_k_in_a_panel_of_its_metric_and_protocol() -> None:
    plot = filled()
    columns = set(plot["data"]["values"][0]) | {
        step["as"] for step in plot["transform"] if "as" in step
    }
    fields = {one["field"] for one in (*plot["facet"].values(), *plot["spec"]["encoding"].values())}
    assert fields <= columns
    assert {"model", "metric", "place"} <= fields
    assert "datum['k']" in plot["transform"][0]["calculate"]


def test_a_model_has_one_entry_in_the_legend() -> None:
    encoding = filled()["spec"]["encoding"]
    assert encoding["shape"]["field"] == encoding["color"]["field"] == "model"
    assert encoding["shape"]["legend"] is None

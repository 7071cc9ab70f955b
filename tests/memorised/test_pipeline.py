"""memorised.json between the runs: no stage writes or deletes it, and the report sees it."""

from pathlib import Path

import yaml

from stages.contracts.metrics.memorised import MEMORISED_FILE

STAGES = yaml.safe_load((Path(__file__).parents[2] / "dvc.yaml").read_text("utf-8"))["stages"]


def test_no_stage_owns_the_file_or_its_folder_so_that_dvc_never_deletes_it() -> None:
    outs = [
        out if isinstance(out, str) else next(iter(out))
        for stage in STAGES.values()
        for kind in ("outs", "metrics", "plots")
        for out in stage.get(kind, ())
    ]
    assert "metrics/${item.dataset}/summary.json" in outs
    assert "metrics/${item.dataset}" not in outs
    assert not [out for out in outs if out.endswith(MEMORISED_FILE)]


def test_the_report_depends_on_the_folder_since_the_file_may_be_absent() -> None:
    assert "metrics/${item.dataset}" in STAGES["report"]["deps"]
    assert not [dep for dep in STAGES["report"]["deps"] if dep.endswith(MEMORISED_FILE)]

"""All steps of one command know that they belong together."""

from pathlib import Path

import yaml
from dvc.repo import Repo

from e2ep_cli.runs.repro import followed


def test_the_steps_of_a_command_share_a_number(tmp_path: Path) -> None:
    Repo.init(str(tmp_path), no_scm=True).close()
    stages = {
        name: {"cmd": f'echo "$E2EP_RUN" > {name}', "outs": [{name: {"cache": False}}]}
        for name in ("one", "two")
    }
    (tmp_path / "dvc.yaml").write_text(yaml.safe_dump({"stages": stages}))
    assert followed(tmp_path, ["repro"], 2).code == 0
    one, two = ((tmp_path / name).read_text() for name in ("one", "two"))
    assert one == two != "\n"

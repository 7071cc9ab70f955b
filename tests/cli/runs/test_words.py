"""Settings of a run in words."""

from e2ep_cli.runs.words import as_options


def test_a_command_that_is_shown_has_no_key_of_an_address() -> None:
    for url in ("http://me:s3cret@gpu/v1", "http://gpu/v1?key=s3cret"):
        said = as_options({"dataset": "ml-100k", "llm.base_url": url, "seed": 8})
        assert said.startswith("--dataset ml-100k --set 'llm.base_url=http://")
        assert said.endswith(" --set seed=8")
        assert "s3cret" not in said

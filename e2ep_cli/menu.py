"""Every command of e2ep: its name, its panel in `e2ep --help`, and its line there."""

COMMAND_GROUPS = {
    "data": ("Data", "List, add, import, export, check and remove data sets."),
    "llm": ("Language model", "Show the models; export or delete their stored answers."),
    "study": ("Experiments", "Let people compare two rankings, blind, and read their answers."),
}
"""Commands that only hold others: `data add` is in the group `data`."""

STAGES = {
    "prepare": "Make rows, named splits and the data card.",
    "enrich": "Normalise titles; add overviews, genres and people.",
    "profile": "Write profiles of items and users.",
    "embed": "Embed the profiles.",
    "train": "Fit the models and list their candidates.",
    "rerank": "Have the candidates judged.",
    "probe": "Score explained items again without the evidence cited for them.",
    "compare": "Have a judge say which of two strategies explains better.",
    "evaluate": "Measure every ranking.",
    "report": "Write report.html.",
}
"""Stages that have their own command; without a user, `e2ep explain` runs `explain`."""

COMMANDS = {
    "run": ("Pipeline", "Run the pipeline on any data set, skipping what is up to date."),
    "gate": ("Pipeline", "Compare the metrics with the committed ones; fail if any is worse."),
    "doctor": ("Pipeline", "Check installation, data and pipeline; say how to fix what is wrong."),
    "recommend": ("Recommendations", "List the best unseen items for a user or a newcomer."),
    "explain": ("Recommendations", "Explain the recommendations of a user or a newcomer."),
    "serve": (
        "Recommendations",
        "Serve recommendations and reasons: a page, an HTTP interface, tools for assistants.",
    ),
    "score": ("Recommendations", "Score the lists of any recommender against test ratings."),
    "data list": (None, "Show the data sets that are here or can be added."),
    "data add": (None, "Add a published data set, checked file by file."),
    "data import": (None, "Import your own files as a data set."),
    "data export": (
        None,
        "Write a data set, or the parts of a split, in the files of another tool.",
    ),
    "data check": (None, "Verify the checksums and the content of data sets."),
    "data remove": (None, "Remove a data set; its runs and the answers paid for stay."),
    "tune": ("Experiments", "Search for the best settings of a model on validation rows."),
    "ablate": ("Experiments", "Run ablations and compare each with the run without it."),
    "study sheet": (None, "Make a blind sheet on which people compare two rankings."),
    "study result": (None, "Say what people answered, how sure that is, and how many it takes."),
    "memorised": ("Language model", "Measure how much of a data set a language model can recite."),
    "cost": ("Language model", "Estimate what a run costs with each model; show what was spent."),
    "llm models": (None, "Show the models known by name: prices, effort, last day, requests."),
    "llm export": (None, "Write the answers that the last run used, to replay it without a key."),
    "llm prune": (None, "List stored answers by age, model and task; delete them with --yes."),
}
"""The line repeats the first of the command's docstring, so that help need not import it."""

"""The section `explain:` of params.yaml; its model stands in core, since rerank asks for reasons by it."""

from stages.core.explaining import ExplainParams as ExplainParams

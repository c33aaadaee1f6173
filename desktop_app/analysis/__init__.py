"""Analysis of an item: pipeline, aggregation, results."""

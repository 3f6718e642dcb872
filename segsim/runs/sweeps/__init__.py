"""Experiments: designs, sweeps over them, and when there are seeds enough."""

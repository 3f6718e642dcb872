"""Experiment files: base scenario, factors, design."""

"""Runs on disk: written whole, verified, repaired, compacted."""

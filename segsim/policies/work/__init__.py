"""Policies for work and against crime."""

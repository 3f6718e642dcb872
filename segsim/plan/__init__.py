"""The planner's page: choose a municipality, put policies together, run, read; it writes a scenario file."""

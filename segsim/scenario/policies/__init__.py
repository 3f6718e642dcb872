"""What a scenario file says of policies together: their programme, their plans, their contradictions."""

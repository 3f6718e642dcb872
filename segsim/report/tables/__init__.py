"""What a page says in tables: differences, verdicts, policies, sweeps, the workbook."""

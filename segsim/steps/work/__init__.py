"""Studies and work, vacant jobs, wages and incomes."""

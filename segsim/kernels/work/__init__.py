"""Kernels of work: job search, contacts, wages, incomes."""

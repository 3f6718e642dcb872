"""Births, deaths, families and newcomers."""

"""The housing market, the stock of dwellings, and lodging."""

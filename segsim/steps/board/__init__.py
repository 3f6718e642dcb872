"""The steps of an abstract board, where one household moves at a time."""

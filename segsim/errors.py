"""What can go wrong for a user, each with one clear sentence."""


class SegsimError(Exception):
    """Base of every error segsim raises for something its user can mend."""


class ScenarioError(SegsimError):
    """A scenario or experiment file is wrong; the message names file, line, key and remedy."""


class DataError(SegsimError):
    """An input table, boundary file or school file is wrong; the message names file, row and remedy."""


class ResultsError(SegsimError):
    """A results folder cannot be read or written; the message names the file and the remedy."""

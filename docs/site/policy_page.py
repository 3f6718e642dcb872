"""The manual of policies, from their classes."""

from docs.site.markdown import read_opening
from segsim.policies.manual import policy_manual
from segsim.words.text import Language
from segsim.words.words import Words

NAMES: dict[Language, str] = {"en": "policies", "sv": "policies_in_swedish"}


def write_policies(language: Language = "en") -> str:
    """Return the page in Markdown."""
    manual = policy_manual(Words(language))
    return f"{read_opening(NAMES[language])}\n{manual.replace('#### ', '## ')}\n"

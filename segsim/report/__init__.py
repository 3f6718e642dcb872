"""Reports: a comparison, claims, or one city, as one self-contained page, in English or Swedish."""

from segsim.report.claims_page import write_claims
from segsim.report.comparison_page import write_comparison
from segsim.report.diagnosis import write_diagnosis
from segsim.report.export.packing import pack_report
from segsim.report.export.printing import find_browser, print_page
from segsim.report.geography import city_map
from segsim.report.stored_page import remake
from segsim.report.sweep.sweep_tables import write_sweep
from segsim.words.text import LANGUAGES, Language

__all__ = [
    "LANGUAGES",
    "Language",
    "city_map",
    "find_browser",
    "pack_report",
    "print_page",
    "remake",
    "write_claims",
    "write_comparison",
    "write_diagnosis",
    "write_sweep",
]

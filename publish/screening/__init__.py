"""The report on a text that was screened: its claims, and what regulators did about such words."""

from publish.screening.composing import looked_at, with_precedents
from publish.screening.html import html_report
from publish.screening.markdown import markdown_report
from publish.screening.records import Cited, Coverage, Finding, Point, Screening, findings

__all__ = [
    "Cited",
    "Coverage",
    "Finding",
    "Point",
    "Screening",
    "findings",
    "html_report",
    "looked_at",
    "markdown_report",
    "with_precedents",
]

"""The report on a text that was screened: its claims, and what regulators did about such words. Pure."""

from publish.screening.html import html_report
from publish.screening.markdown import markdown_report
from publish.screening.records import Cited, Coverage, Finding, Point, Screening, findings

__all__ = ["Cited", "Coverage", "Finding", "Point", "Screening", "findings", "html_report", "markdown_report"]

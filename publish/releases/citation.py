"""How a release is cited."""

import json
from datetime import date

from publish.releases.columns import FORMAT_VERSION
from stemwatch import PROJECT_URL

NAME = "stemwatch"
CITED = "Stemwatch"
TITLE = "Stemwatch: regulators' notices about unapproved stem cell treatments"


def cited(day: date) -> str:
    """One sentence for a list of references."""
    return f"{CITED} ({day.year}). {TITLE}. Release of {day}, format version {FORMAT_VERSION}. {PROJECT_URL}"


def citation_file(day: date) -> str:
    """CITATION.cff, version 1.2.0: https://citation-file-format.github.io. A JSON text is a YAML scalar."""
    message = "Cite the release, and the regulator's notice itself for what it says."
    return f"""\
cff-version: 1.2.0
type: dataset
message: {json.dumps(message)}
title: {json.dumps(TITLE)}
authors:
  - name: {json.dumps(CITED)}
    website: {json.dumps(PROJECT_URL)}
date-released: "{day}"
version: {json.dumps(f"{day}")}
url: {json.dumps(PROJECT_URL)}
"""

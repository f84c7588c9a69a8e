"""What the manual shows of the files above docs/: as pages where they are Markdown, else as they are."""

import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parent.parent
ABOVE = (
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "DATA_FORMAT.md",
    "stemwatch.example.toml",
    "deploy/alerts.yml",
    "deploy/grafana.json",
)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for name in ABOVE:
        files.append(File.generated(config, name, abs_src_path=str(ROOT / name)))
    return files


def on_page_markdown(markdown: str, **page: Any) -> str:
    """Links lead where the files lie in the repository; in the manual all of them lie in one folder."""
    return re.sub(r"\]\((?:\.\./|docs/)", "](", markdown)

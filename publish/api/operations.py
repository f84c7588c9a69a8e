"""Everything that can be asked of the API: the table behind its routes, its OpenAPI and its manual."""

from typing import NamedTuple

import msgspec

from publish.api import lists, shapes, things
from publish.api.parameters import Parameter
from publish.site.asking import Page
from stemwatch.clinics.views import ClinicDossier
from stemwatch.dataset import SourceRow


class Operation(NamedTuple):
    """One address below `/api/v1`. `path` is that of OpenAPI; a part that may hold strokes is named in `wide`."""

    path: str
    name: str
    about: str
    page: Page
    shape: type[msgspec.Struct]
    parameters: tuple[Parameter, ...] = ()
    wide: str = ""
    cached: bool = True


def _part(name: str, about: str) -> Parameter:
    return Parameter(name, about, {"type": "string"}, place="path")


OPERATIONS = (
    Operation("/notices", "notices", "Notices, newest first.", lists.notices, shapes.Notices, lists.NOTICES),
    Operation(
        "/notices/{source}/{key}",
        "notice",
        "One notice with its history, pages and evidence.",
        things.notice,
        shapes.Notice,
        (_part("source", "The source of the notice."), _part("key", "The regulator's own identifier.")),
        wide="key",
    ),
    Operation(
        "/changes",
        "changes",
        "What happened, oldest first; ask again with `since` for what is new.",
        lists.changes,
        shapes.Changes,
        lists.CHANGES,
    ),
    Operation(
        "/clinics",
        "clinics",
        "Clinics by name, or found by a search.",
        lists.clinics,
        shapes.Clinics,
        lists.CLINICS,
    ),
    Operation(
        "/clinics/{clinic}",
        "clinic",
        "One clinic, each line with the words of the notice that says it.",
        things.clinic,
        ClinicDossier,
        (_part("clinic", "The id of a clinic, also one that it had before."),),
    ),
    Operation("/sources", "sources", "Every source and how it fares.", lists.sources, shapes.Sources),
    Operation("/sources/{name}", "source", "One source.", things.source, SourceRow, (_part("name", "Its name."),)),
    Operation(
        "/releases",
        "releases",
        "The releases of the dataset with their checksums.",
        things.releases,
        shapes.Releases,
        cached=False,
    ),
)

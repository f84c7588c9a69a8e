"""The project's fixed vocabularies, each as a type and as the tuple of its words."""

from typing import Literal, get_args

Verb = Literal["baseline", "added", "edited", "closed_out", "responded", "delisted", "relisted", "reissued"]
"""What happened to a notice. `baseline` stands for everything a source already showed when we first came."""

Cause = Literal["source", "parser", "backfill", "rekey"]
"""Why we saw it: the regulator did it, our reading changed, we looked further back, an id moved."""

Verdict = Literal["ok", "partial", "empty", "blocked", "layout_changed", "unreachable", "crashed"]
"""How far a run may be believed."""

Label = Literal["relevant", "possible", "unrelated"]

Product = Literal[
    "umbilical_cord",
    "adipose_svf",
    "amniotic",
    "placenta",
    "exosome",
    "bone_marrow",
    "whartons_jelly",
    "cord_blood",
    "peripheral_blood",
    "other",
]

Route = Literal["intravenous", "intrathecal", "intra_articular", "nebulised", "eye_drops", "intranasal"]
"""How a treatment gets into the body."""

Stage = Literal[
    "investigation",
    "warning",
    "filed",
    "preliminary_order",
    "settlement",
    "judgment",
    "sentence",
    "modified",
    "closed",
]
"""How far a matter has come. What was only filed is never called decided; what is not said has no stage."""

ListKind = Literal["complete", "window"]
"""A complete list keeps everything; a window lets old items fall out, so absence from it means nothing."""

PagesRead = Literal["all", "likely", "none"]
"""Which notices' pages a source reads: `likely` those whose list entry gives reason to, `none` where the list
brings the text."""

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

Status = Literal["listed", "delisted", "reissued"]

Role = Literal["notice", "closeout", "response"]
"""What a page is to its notice."""

WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
VERBS: tuple[Verb, ...] = get_args(Verb)
CAUSES: tuple[Cause, ...] = get_args(Cause)
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
LABELS: tuple[Label, ...] = get_args(Label)
PRODUCTS: tuple[Product, ...] = get_args(Product)
STAGES: tuple[Stage, ...] = get_args(Stage)
ROUTES: tuple[Route, ...] = get_args(Route)

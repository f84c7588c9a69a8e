"""Opinions of US courts that speak of stem cells, exosomes or birth tissue, by CourtListener."""

from spiders.common.courtlistener import CourtListenerSpider
from stemwatch.records import Expectations, Source


class UsCourtlistenerOpinions(CourtListenerSpider):
    source = Source(
        name="us_courtlistener_opinions",
        title="Opinions on stem cells, exosomes and birth tissue",
        regulator="US courts",
        jurisdiction="US",
        language="en",
        kind="opinion",
        list="window",
        url="https://www.courtlistener.com/api/rest/v4/search/",
        licence="Public domain (court records); CourtListener by Free Law Project",
        every_minutes=720,
        delay_seconds=5.0,
        details_per_run=0,
        revision=1,
        pages="none",
        expectations=Expectations(
            least=2, filled={"title": 1.0, "posted_on": 0.9, "docket": 0.8, "court": 1.0}, fresh_days=60
        ),
    )
    type = "o"
    queries = (
        *('"stem cell"', "exosome", '"regenerative medicine"', '"stromal vascular fraction"'),
        *('"umbilical cord tissue"', '"amniotic tissue"', '"birth tissue"', "HCT/P"),
    )
    key_at = "cluster_id"
    link_at = "absolute_url"
    passages_at = "opinions"
    ignored = (
        *CourtListenerSpider.ignored,
        *("attorney", "citeCount", "court_citation_string", "dateArgued", "dateReargued", "dateReargumentDenied"),
        *("lexisCite", "neutralCite", "non_participating_judge_ids", "panel_ids", "panel_names", "posture"),
        *("procedural_history", "scdb_id", "sibling_ids", "source", "status"),
    )

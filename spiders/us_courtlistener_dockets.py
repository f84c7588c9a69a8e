"""Dockets of US federal courts that speak of stem cells, exosomes or birth tissue, by CourtListener."""

from spiders.common.courtlistener import CourtListenerSpider
from stemwatch.records import Expectations, Source


class UsCourtlistenerDockets(CourtListenerSpider):
    source = Source(
        name="us_courtlistener_dockets",
        title="Dockets on stem cells, exosomes and birth tissue",
        regulator="US courts",
        jurisdiction="US",
        language="en",
        kind="docket",
        list="window",
        url="https://www.courtlistener.com/api/rest/v4/search/",
        licence="Public domain (court records); CourtListener by Free Law Project",
        every_minutes=720,
        delay_seconds=5.0,
        details_per_run=0,
        revision=1,
        pages="none",
        expectations=Expectations(
            least=3, filled={"title": 1.0, "posted_on": 0.9, "docket": 0.95, "court": 1.0}, fresh_days=60
        ),
    )
    type = "r"
    queries = (
        *('"stem cell"', "exosome", "regenerative", '"stromal vascular fraction"', '"umbilical cord"'),
        *("amniotic", '"placental tissue"', '"birth tissue"', "HCT/P"),
    )
    key_at = "docket_id"
    link_at = "docket_absolute_url"
    passages_at = "recap_documents"
    ignored = (
        *CourtListenerSpider.ignored,
        *("attorney", "attorney_id", "firm", "firm_id", "party_id", "juryDemand", "jurisdictionType", "more_docs"),
        *(
            "assigned_to_id",
            "referredTo",
            "referred_to_id",
            "court_citation_string",
            "dateArgued",
            "pacer_case_id",
        ),
        *("chapter", "trustee_str"),
    )

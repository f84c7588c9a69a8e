"""What MHRA publishes on GOV.UK besides its alerts: news, advertising investigations, guidance. Each document's
content gives its day of publication."""

from spiders.common.govuk import LICENCE, SEARCH, GovUkSpider
from stemwatch.records import Expectations, Source


class GbMhraPublications(GovUkSpider):
    source = Source(
        name="gb_mhra_publications",
        title="News, advertising investigations and other publications",
        regulator="MHRA",
        jurisdiction="GB",
        language="en",
        kind="announcement",
        list="window",
        url=SEARCH,
        licence=LICENCE,
        every_minutes=360,
        delay_seconds=2.0,
        details_per_run=100,
        revision=1,
        expectations=Expectations(least=2, filled={"title": 1.0, "posted_on": 0.0}, fresh_days=30),
    )
    filters = {
        "filter_organisations": "medicines-and-healthcare-products-regulatory-agency",
        "reject_format": "medical_safety_alert",
    }
    page_size = 200

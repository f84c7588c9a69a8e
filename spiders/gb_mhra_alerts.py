"""MHRA's alerts, recalls and safety information on medicines and medical devices, all of them, through GOV.UK's
search, and each alert's content."""

from spiders.common.govuk import LICENCE, SEARCH, GovUkSpider
from stemwatch.records import Expectations, Source


class GbMhraAlerts(GovUkSpider):
    source = Source(
        name="gb_mhra_alerts",
        title="Alerts, recalls and safety information: medicines and medical devices",
        regulator="MHRA",
        jurisdiction="GB",
        language="en",
        kind="alert",
        list="complete",
        url=SEARCH,
        licence=LICENCE,
        every_minutes=360,
        delay_seconds=2.0,
        details_per_run=100,
        revision=1,
        expectations=Expectations(least=5, filled={"title": 1.0, "posted_on": 0.95}, fresh_days=30),
    )
    filters = {"filter_format": "medical_safety_alert"}
    page_size = 1500

"""TGA's alerts: a feed of safety alerts, market actions and recalls, and each alert's page."""

from spiders.common.tga import TgaFeedSpider
from stemwatch.records import Expectations, Source


class AuTgaAlerts(TgaFeedSpider):
    source = Source(
        name="au_tga_alerts",
        title="Alerts",
        regulator="TGA",
        jurisdiction="AU",
        language="en",
        kind="alert",
        list="window",
        url="https://www.tga.gov.au/feeds/alert.xml",
        licence="Commonwealth of Australia; CC BY 4.0 where stated",
        every_minutes=240,
        delay_seconds=5.0,
        details_per_run=40,
        revision=1,
        expectations=Expectations(least=2, filled={"title": 1.0, "posted_on": 1.0}, fresh_days=30),
    )

"""TGA's media releases, among them fines and suits over advertising: a feed, and each release's page."""

from spiders.common.tga import TgaFeedSpider
from stemwatch.records import Expectations, Source


class AuTgaMediaReleases(TgaFeedSpider):
    source = Source(
        name="au_tga_media_releases",
        title="Media releases",
        regulator="TGA",
        jurisdiction="AU",
        language="en",
        kind="press_release",
        list="window",
        url="https://www.tga.gov.au/feeds/article/media-releases.xml",
        licence="Commonwealth of Australia; CC BY 4.0 where stated",
        every_minutes=240,
        delay_seconds=5.0,
        details_per_run=40,
        revision=1,
        expectations=Expectations(least=2, filled={"title": 1.0, "posted_on": 1.0}, fresh_days=60),
    )

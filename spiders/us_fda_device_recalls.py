"""Recalls of devices in FDA's enforcement reports, by openFDA."""

from spiders.common.openfda import OpenFdaSpider
from stemwatch.records import Expectations, Source


class UsFdaDeviceRecalls(OpenFdaSpider):
    source = Source(
        name="us_fda_device_recalls",
        title="Enforcement reports: device recalls",
        regulator="FDA",
        jurisdiction="US",
        language="en",
        kind="recall",
        list="window",
        url="https://api.fda.gov/device/enforcement.json",
        licence="CC0 1.0 (openFDA)",
        every_minutes=720,
        delay_seconds=2.0,
        details_per_run=0,
        revision=1,
        pages="none",
        tried=False,
        expectations=Expectations(
            least=2,
            filled={
                "title": 1.0,
                "posted_on": 1.0,
                "issued_on": 0.95,
                "firm": 1.0,
                "products": 1.0,
                "subject": 0.95,
            },
            fresh_days=21,
        ),
    )

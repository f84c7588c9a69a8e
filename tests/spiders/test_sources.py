"""The same demands on every source: complete metadata, recorded pages that give exactly the expected records."""

import inspect
import json
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest

from spiders.common.spider import NoticeSpider
from spiders.registry import spider_classes
from stemwatch.health import judge
from stemwatch.records import Listed
from tests.sources.build import files, read
from tests.sources.faults import COMMON_FAULTS, Common, form_of, suffer
from tests.sources.replay import FIXTURES, Fault, Outcome, broken, crawl, faults, golden, write_golden

SPIDERS = spider_classes()
LONGEST_SOURCE = 80
NAME = re.compile(r"[a-z]{2}_[a-z]+(_[a-z0-9]+)+")
WAYS = [(name, way) for name, spider in SPIDERS.items() for way in spider.source.ways or (None,)]
FAULTS = [(name, fault) for name in SPIDERS for fault in faults(name)]

COMMON = [(name, fault) for name, spider in SPIDERS.items() if form_of(spider) for fault in COMMON_FAULTS]
MOST_REQUESTS = 8
"""robots.txt, the list with its retries or redirects, and little more."""

each_spider = pytest.mark.parametrize("spider", SPIDERS.values(), ids=SPIDERS)


def expected(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in golden(name).read_text(encoding="utf-8").splitlines()]


@each_spider
def test_a_source_says_everything_about_itself(spider: type[NoticeSpider]) -> None:
    source = spider.source
    empty = [name for name, value in msgspec.structs.asdict(source).items() if value == ""]
    assert not empty
    assert re.fullmatch(r"[A-Z]{2}(-[A-Z]{2})?", source.jurisdiction)
    assert re.fullmatch(r"[a-z]{2}", source.language)
    assert re.fullmatch(r"[a-z_]+", source.kind)
    assert source.url.startswith("https://")
    assert source.every_minutes >= 60
    assert source.delay_seconds >= 1
    assert (source.details_per_run > 0) == (source.pages != "none")
    assert source.revision >= 1


@each_spider
def test_a_source_asks_the_host_of_its_list_alone(spider: type[NoticeSpider]) -> None:
    """So crawls of sources whose lists have different hosts may run side by side."""
    moment = json.loads((FIXTURES / spider.source.name / "moment.json").read_text(encoding="utf-8"))
    hosts = {urlsplit(response["url"]).hostname.removeprefix("www.") for response in moment["responses"]}
    assert hosts == {spider.source.host}


@each_spider
def test_a_source_says_what_a_believable_run_is(spider: type[NoticeSpider]) -> None:
    expected = spider.source.expectations
    assert expected.least > 1
    assert {"title", "posted_on"} <= expected.filled.keys()
    assert expected.fresh_days > 0


@each_spider
def test_a_source_is_named_by_country_agency_and_list_as_its_file_is(spider: type[NoticeSpider]) -> None:
    name = spider.source.name
    assert NAME.fullmatch(name)
    assert name.startswith(spider.source.jurisdiction.lower().replace("-", "_") + "_")
    assert Path(inspect.getfile(spider)).stem == name


@each_spider
def test_a_source_fits_on_a_screen(spider: type[NoticeSpider]) -> None:
    assert len(Path(inspect.getfile(spider)).read_text(encoding="utf-8").splitlines()) <= LONGEST_SOURCE


@pytest.mark.parametrize(("name", "way"), WAYS)
def test_recorded_pages_give_exactly_the_expected_records(name: str, way: str | None, tmp_path: Path) -> None:
    outcome = crawl(FIXTURES / name, name, tmp_path / "crawl", way=way)
    if not golden(name).exists():
        written = write_golden(name, outcome)
        pytest.fail(f"{written} did not exist. It holds what was read now: look at each line before keeping it.")
    assert outcome.records == expected(name)
    assert outcome.report.stopped is None
    assert outcome.report.total in (None, outcome.report.seen)
    assert not outcome.report.leftover
    assert not outcome.report.doubtful
    assert not outcome.report.first_way_failed


@each_spider
def test_no_two_expected_notices_share_a_key(spider: type[NoticeSpider]) -> None:
    counted = Counter(
        (record["type"], record["key"], record.get("role")) for record in expected(spider.source.name)
    )
    assert not [key for key, count in counted.items() if count > 1]


@each_spider
def test_every_expected_address_is_on_the_regulators_own_host(spider: type[NoticeSpider]) -> None:
    host = urlsplit(spider.source.url).hostname
    addresses = [
        str(address)
        for record in expected(spider.source.name)
        for name, address in record.items()
        if name.endswith("url") and address
    ]
    assert {(urlsplit(address).scheme, urlsplit(address).hostname) for address in addresses} == {("https", host)}


@each_spider
def test_every_source_is_asked_what_becomes_of_its_faults(spider: type[NoticeSpider]) -> None:
    """By the faults that all lists share, or by those that its own fixture describes."""
    own = {fault.verdict for fault in faults(spider.source.name)}
    assert form_of(spider) is not None or {"blocked", "unreachable"} <= own


@pytest.fixture(scope="module")
def suffered(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Outcome]:
    """What came of every source under every common fault; many crawls a process, for a process costs a second."""
    return suffer(SPIDERS, tmp_path_factory.mktemp("faults"))


@pytest.mark.parametrize(("name", "fault"), COMMON, ids=[f"{name}: {fault.name}" for name, fault in COMMON])
def test_a_common_fault_of_the_list_has_its_name_and_lists_nothing(
    name: str, fault: Common, suffered: dict[tuple[str, str], Outcome]
) -> None:
    report = suffered[name, fault.name].report
    form = form_of(SPIDERS[name])
    assert form is not None
    judged = judge(report, SPIDERS[name].source.expectations, last_size=0)
    assert judged.verdict == fault.verdicts.get(form, fault.verdict), judged.reason
    assert judged.reason
    assert report.retry_after == fault.retry_after
    assert fault.lists or not report.seen
    assert report.requests <= MOST_REQUESTS


@pytest.mark.parametrize(("name", "fault"), FAULTS, ids=[f"{name}: {fault.says}" for name, fault in FAULTS])
def test_a_fault_is_named_and_nothing_more_is_asked(name: str, fault: Fault, tmp_path: Path) -> None:
    outcome = crawl(broken(FIXTURES / name, fault, tmp_path / "moment"), name, tmp_path / "crawl")
    assert outcome.report.stopped == fault.verdict
    assert outcome.report.reason
    assert outcome.report.retry_after == fault.retry_after
    assert outcome.asked == fault.asked
    assert any(isinstance(record, Listed) for record in outcome.everything) == fault.listed


@pytest.mark.parametrize("folder", [path.parent for path in FIXTURES.glob("*/letters.toml")])
def test_recorded_files_are_those_that_their_description_gives(folder: Path) -> None:
    for name, body in files(read(folder / "letters.toml")).items():
        assert (folder / name).read_bytes() == body, name

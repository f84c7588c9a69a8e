"""The description of the API holds: programs that are written from it, and one that asks at random, get on."""

from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from publish.api.operations import OPERATIONS
from publish.api.parameters import RULE
from publish.serving.routes import ROUTES
from stemwatch.rules.language import LISTS
from tests.publish.site.conftest import Client
from tests.store.builders import CHARA, NAME

HOLDS = (
    *(not_a_server_error, status_code_conformance, content_type_conformance),
    *(response_headers_conformance, response_schema_conformance),
)

PATHS = [operation.path for operation in OPERATIONS]
ASKED = [(path, GenerationMode.POSITIVE) for path in PATHS]
ASKED += [(path, GenerationMode.NEGATIVE) for path in ("/notices", "/changes", "/clinics")]


@pytest.fixture(scope="module")
def described(client: Client) -> Any:
    return msgspec.json.decode(client.get("/api/v1/openapi.json").data)


@pytest.fixture(scope="module")
def schema(client: Client, described: Any) -> Any:
    made = schemathesis.openapi.from_dict(described)
    made.config.update(base_url=f"{client.url}/api/v1")
    return made


def test_every_address_of_the_api_is_described(described: Any) -> None:
    paths = {route.path.replace(":path}", "}") for route in ROUTES if route.path.startswith("/api/v1/")}
    assert paths == {f"/api/v1{path}" for path in described["paths"]} | {"/api/v1/openapi.json"}
    assert {item["get"]["operationId"] for item in described["paths"].values()} == {
        operation.name for operation in OPERATIONS
    }


def test_the_filters_are_the_words_of_the_rule_language() -> None:
    assert {parameter.name for parameter in RULE} == {*LISTS, "query", "rule"}


@pytest.mark.parametrize(("path", "mode"), ASKED)
def test_whatever_is_asked_the_answer_is_as_described(schema: Any, path: str, mode: GenerationMode) -> None:
    asking = schema[path]["GET"].as_strategy(generation_mode=mode)

    @settings(
        max_examples=15,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=asking)
    def holds(case: Any) -> None:
        case.call_and_validate(checks=HOLDS)

    holds()


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/notices/{source}/{key}", {"source": NAME, "key": CHARA.key}),
        ("/sources/{name}", {"name": NAME}),
        ("/clinics/{clinic}", {"clinic": "c-0000000"}),
    ],
)
def test_what_there_is_is_answered_as_described(schema: Any, path: str, parts: dict[str, str]) -> None:
    schema[path]["GET"].Case(path_parameters=parts).call_and_validate(checks=HOLDS)

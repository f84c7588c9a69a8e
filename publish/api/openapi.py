"""The OpenAPI description, made from the table of operations and the types of the answers."""

from typing import Any

import msgspec

from publish.api.answers import JSON, PROBLEM
from publish.api.operations import OPERATIONS, Operation
from publish.api.parameters import Parameter
from publish.api.shapes import Problem
from publish.site.site import Site

VERSION = "1.0.0"
BASE = "/api/v1"
_REFERENCE = "#/components/schemas/{name}"
_FAILURES = {
    "400": "The question cannot be understood; `detail` names what is wrong.",
    "404": "There is no such thing.",
    "429": "Your network has asked too often; `Retry-After` says for how many seconds to wait.",
    "500": "Something failed on our side.",
    "503": "The answer took too long: ask for less.",
}


def description(site: Site) -> dict[str, Any]:
    """The whole API for programs, as OpenAPI 3.1."""
    shapes = [operation.shape for operation in OPERATIONS]
    schemas, components = msgspec.json.schema_components([*shapes, Problem], ref_template=_REFERENCE)
    *answers, problem = schemas
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Stemwatch",
            "version": VERSION,
            "summary": "What regulators publish about unapproved stem cell treatments. Read only.",
            "license": {"name": "Each source's own terms: see /sources", "url": site.address("/data")},
        },
        "servers": [{"url": site.address(BASE)}],
        "paths": {
            operation.path: {"get": _operation(operation, schema)}
            for operation, schema in zip(OPERATIONS, answers, strict=True)
        },
        "components": {
            "schemas": components,
            "headers": _headers(),
            "responses": {status: _failure(about, problem) for status, about in _FAILURES.items()},
        },
    }


def _operation(operation: Operation, schema: dict[str, Any]) -> dict[str, Any]:
    failures = [status for status in _FAILURES if status != "404" or operation.path.endswith("}")]
    answered = {"description": operation.about, "headers": _named("ETag"), "content": {JSON: {"schema": schema}}}
    return {
        "operationId": operation.name,
        "summary": operation.about,
        "parameters": [_parameter(parameter) for parameter in operation.parameters],
        "responses": {
            "200": answered,
            "304": {"description": "It is as it was when you got the ETag that you sent."},
            **{status: {"$ref": f"#/components/responses/{status}"} for status in failures},
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    told = {"name": parameter.name, "in": parameter.place, "description": parameter.about}
    if parameter.place == "path":
        return {**told, "required": True, "schema": parameter.schema}
    if parameter.repeated:
        return {**told, "schema": {"type": "array", "items": parameter.schema}, "style": "form", "explode": True}
    return {**told, "schema": parameter.schema}


def _headers() -> dict[str, Any]:
    about = {
        "ETag": "Send it as `If-None-Match`, and what has not changed is not sent again.",
        "Retry-After": "Seconds to wait.",
    }
    return {name: {"description": told, "schema": {"type": "string"}} for name, told in about.items()}


def _named(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _failure(about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": about, "content": {PROBLEM: {"schema": schema}}}

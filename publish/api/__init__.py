"""The interface for programs: read-only JSON under /api/v1, described by an OpenAPI made from the same table.

`operations` says what can be asked, `parameters` reads questions strictly,
`shapes` what is answered, `openapi` tells it to programs and `manual` to people.
"""

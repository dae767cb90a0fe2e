"""The API: the same services, rules and walls as the pages, for programs, under /api/v1."""

"""Traces for OpenTelemetry, where the settings name a collector: one span a request, named by its route.

Not the ready-made instrumentation of Flask and SQLAlchemy: that writes paths and statements into spans, and those can
hold numbers of cases and what people search for.
"""

from typing import Any

import structlog
from flask import Flask, Response, g, request


def register(app: Flask, to: str | None) -> None:
    """Send a span of each request to this collector (OTLP over HTTP); without one nothing is traced."""
    if to is None:
        return
    provider = _provider(to)
    tracer = provider.get_tracer("wijkteam")

    @app.before_request
    def begin() -> None:
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        caller = TraceContextTextMapPropagator().extract(request.headers)
        g.span = tracer.start_span(request.endpoint or "unknown", caller, SpanKind.SERVER)
        structlog.contextvars.bind_contextvars(trace_id=f"{g.span.get_span_context().trace_id:032x}")

    @app.after_request
    def tell(response: Response) -> Response:
        if "span" in g:
            g.span.set_attribute("http.route", request.endpoint or "unknown")
            g.span.set_attribute("http.response.status_code", response.status_code)
        return response

    @app.teardown_request
    def end(error: BaseException | None) -> None:
        span = g.pop("span", None)
        if span is not None:
            if error is not None:  # only what sort of error: its words can hold what somebody wrote
                span.set_attribute("error.type", type(error).__name__)
            span.end()

    app.extensions["traces"] = provider


def _provider(to: str) -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": "wijkteam"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{to}/v1/traces")))
    return provider

"""Answers travel small, but never in a way that lets their length tell what is in them.

Whoever can let a browser ask for pages with words of their choice in them, and sees how long the answers are, can guess
what else is in a compressed page (BREACH). So a page is compressed only when the browser says that nobody else made
it ask: the request came from our own pages or from the person (Fetch Metadata). A page that knows nobody, and was asked
for without any words, holds nothing to guess. Browsers that do not say get pages as they are. Style sheets and scripts
are the same for everybody, and always travel small.
"""

from flask import Flask, Response, request
from flask_compress import Compress

NOBODY_ELSEWHERE = frozenset({"same-origin", "none"})
SAME_FOR_ALL = frozenset({"static", "styles.one", "offline.script"})


def may_be_small() -> bool:
    """Whether the length of the answer to this request can tell nobody anything."""
    if request.endpoint in SAME_FOR_ALL or request.headers.get("Sec-Fetch-Site") in NOBODY_ELSEWHERE:
        return True
    return request.method == "GET" and not request.cookies and not request.query_string


def register(app: Flask) -> None:
    """Compress the answers of this app. To be called before all that looks at answers, so that it comes last."""
    app.config["COMPRESS_REGISTER"] = False
    app.config["COMPRESS_ALGORITHM"] = ["br", "zstd", "gzip"]
    app.config["COMPRESS_ALGORITHM_STREAMING"] = ["br", "zstd"]
    app.config["COMPRESS_BR_LEVEL"] = 5
    compress = Compress(app)

    @app.after_request
    def make_small(answer: Response) -> Response:
        answer.vary.add("Sec-Fetch-Site")
        if not may_be_small():
            return answer
        made: Response = compress.after_request(answer)
        return made

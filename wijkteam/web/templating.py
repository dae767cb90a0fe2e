"""The templates, compiled once for each language: what they say is then written in them, and not looked up each time.

A page says hundreds of texts. Looked up while it is made, they cost more than all its figures together; written in when
a template is compiled, most become one piece with the HTML around them.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from types import CodeType
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import BytecodeCache, Template, nodes
from jinja2.bccache import Bucket
from jinja2.runtime import Macro
from jinja2.utils import LRUCache
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from wijkteam.web import language as spoken
from wijkteam.web.language import NAMES, Language, language, speak

SAYING = frozenset({"_", "gettext"})
"""How templates say a text that has one form only; what has more is chosen when it is said."""
TEMPLATES = 400
"""Kept for each language: more than there are."""
PARTS = 4_000
"""Of parts of a page that are the same for everybody as much HTML is kept."""


class Compiled(BytecodeCache):
    """The code of templates, by the texts written into it: a process that comes forth from this one has it too."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], CodeType] = {}

    @staticmethod
    def _key(bucket: Bucket) -> tuple[object, ...]:
        return spoken.translations(language()), bucket.key, bucket.checksum

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled before."""
        bucket.code = self._kept.get(self._key(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled now."""
        assert bucket.code is not None
        self._kept[self._key(bucket)] = bucket.code


COMPILED = Compiled()


class Part(Template):
    """A template whose macros are made once, however often it is imported.

    Jinja compares all that is known everywhere at each import, because a template can be given more of its own; here
    none is.
    """

    def _get_default_module(self, ctx: Any = None) -> Any:
        return super()._get_default_module()


class SpeakingEnvironment(Environment):
    """Where templates are compiled and kept in the language of the request that asks for them."""

    template_class = Part

    def __init__(self, app: Any, **options: Any) -> None:
        self._kept: dict[Language, LRUCache] = {}
        super().__init__(app, **{**options, "bytecode_cache": COMPILED})

    def compile(self, source: Any, *arguments: Any, **options: Any) -> Any:
        """As Jinja does, with each text in the language of this request."""
        if isinstance(source, str):
            name, filename = _named(*arguments, **options)
            source = Spoken(spoken.translations(language()).ugettext).visit(self.parse(source, name, filename))
        return super().compile(source, *arguments, **options)


def _named(name: str | None = None, filename: str | None = None, *_more: Any, **_options: Any) -> Any:
    return name, filename


def _kept(environment: SpeakingEnvironment) -> LRUCache:
    return environment._kept.setdefault(language(), LRUCache(TEMPLATES))


def _ignored(_environment: SpeakingEnvironment, _made: Any) -> None:
    """Jinja makes one cache for itself."""


SpeakingEnvironment.cache = property(_kept, _ignored)  # type: ignore[assignment]


class Spoken(NodeTransformer):
    """Writes the translation where a template says a text, as Jinja's own `gettext` would have done it later."""

    def __init__(self, translate: Callable[[str], str]) -> None:
        self.translate = translate

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """A text with its values, if this is one."""
        self.generic_visit(node)
        if not (isinstance(node.node, nodes.Name) and node.node.name in SAYING and len(node.args) == 1):
            return node
        text = node.args[0]
        if not (isinstance(text, nodes.Const) and isinstance(text.value, str)) or node.dyn_args or node.dyn_kwargs:
            return node
        values = [nodes.Pair(nodes.Const(each.key), each.value) for each in node.kwargs]
        said = self.translate(text.value)
        whole: nodes.Expr = nodes.Const(said if values else said % {})
        whole = nodes.MarkSafeIfAutoescape(whole)
        if values:
            whole = nodes.Mod(whole, nodes.Dict(values))
        return whole.set_lineno(node.lineno, override=True)


def read_all(app: Flask) -> None:
    """Compile all templates in all languages, so that nobody who comes first to a page waits for that."""
    for tongue in NAMES:
        with app.test_request_context():
            speak(tongue)
            for name in app.jinja_env.list_templates():
                app.jinja_env.get_template(name)


def register(app: Flask) -> None:
    """Let a template keep what a macro writes: `kept(macro, ...)` writes the same arguments once.

    For what follows from its arguments alone, and of which none was typed by a person.
    """

    @lru_cache(PARTS)
    def written(macro: Macro, given: tuple[Any, ...]) -> Markup:
        return Markup(macro(*given))  # noqa: S704 # nosec B704

    def kept(macro: Macro, *given: Any) -> Markup:
        try:
            return written(macro, given)
        except TypeError:  # a list among them
            return written(macro, tuple(each if isinstance(each, Hashable) else tuple(each) for each in given))

    app.jinja_env.globals["kept"] = kept

"""A component is a template that declares its inputs, and `component` the tag that gives them.

    {% component "act" url=publish label=_("Publish it") seen=activity|seen %}

`components/act.html` begins with `{% inputs "url" "label" seen="" kind="" %}`: what has no default must be given, and
nothing else may be. A page that gives too little, or something that the component does not know, is refused when it
is compiled. `fill` gives as `body` what stands between it and `endfill`.
"""

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.base import Template as Compiled
from django.template.engine import Engine
from django.template.exceptions import TemplateSyntaxError
from django.utils.safestring import mark_safe

register = template.Library()


class Inputs(Node):
    """What a component takes: names that must be given, and those that have a default."""

    def __init__(self, required: set[str], defaults: dict[str, FilterExpression]):
        self.required, self.defaults = required, defaults

    def why_not(self, given: set[str]) -> str | None:
        if missing := self.required - given:
            return f"needs {', '.join(sorted(missing))}"
        if unknown := given - self.required - self.defaults.keys():
            return f"does not know {', '.join(sorted(unknown))}"
        return None

    def render(self, context) -> str:
        for name, default in self.defaults.items():
            if name not in context:
                context[name] = default.resolve(context)
        return ""


class Component(Node):
    """Of the page it knows what it was given, the request, and the token against forged posts."""

    def __init__(self, compiled: Compiled, given: dict[str, FilterExpression], body: NodeList | None = None):
        self.compiled, self.given, self.body = compiled, given, body

    def render(self, context) -> str:
        values = {name: value.resolve(context) for name, value in self.given.items()}
        if self.body is not None:
            values["body"] = mark_safe(self.body.render(context).strip())
        return self.compiled.render(context.new(values | {"csrf_token": context.get("csrf_token")}))


@register.tag
def inputs(parser: Parser, token: Token) -> Inputs:
    _tag, *bits = token.split_contents()
    named = [bit.partition("=") for bit in bits]
    defaults = {name: parser.compile_filter(default) for name, equals, default in named if equals}
    return Inputs({name.strip('"') for name, equals, _default in named if not equals}, defaults)


@register.tag
def component(parser: Parser, token: Token) -> Component:
    compiled, given = _called(parser, token, set())
    return Component(compiled, given)


@register.tag
def fill(parser: Parser, token: Token) -> Component:
    compiled, given = _called(parser, token, {"body"})
    body = parser.parse(["endfill"])
    parser.delete_first_token()
    return Component(compiled, given, body)


def _called(parser: Parser, token: Token, besides: set[str]) -> tuple[Compiled, dict[str, FilterExpression]]:
    """The component and what it is given; TemplateSyntaxError where that is not what it declares."""
    tag, quoted, *bits = token.split_contents()
    given = token_kwargs(bits, parser)
    if bits:
        raise TemplateSyntaxError(f"{tag} {quoted}: “{bits[0]}” is no name=value.")
    name = quoted.strip('"')
    compiled = Engine.get_default().get_template(f"components/{name}.html")
    if reason := declared(compiled, name).why_not(given.keys() | besides):
        raise TemplateSyntaxError(f"{tag} {quoted} {reason}.")
    return compiled, given


def declared(compiled: Compiled, name: str) -> Inputs:
    """What a component says that it takes."""
    found = [node for node in compiled.nodelist if isinstance(node, Inputs)]
    if len(found) != 1:
        raise TemplateSyntaxError(f"components/{name}.html declares its inputs once, by {{% inputs %}}.")
    return found[0]

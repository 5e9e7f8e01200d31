import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.scaffold import Scaffold, ScaffoldError, load_scaffold
from agents.scaffold.prompts import variables
from agents.scaffold.prompts.prompts import Prompts
from agents.scaffold.prompts.templates import check_templates
from tests.agents.scaffold.conftest import BARE, VARIABLES, Problems, Write


@pytest.fixture
def scaffold(write: Write) -> Any:
    """Loads a scaffold with a template of its own for LOG's first message."""

    def scaffold(template: str, **others: str) -> Scaffold:
        files = {f"prompts/parts/{name}.j2": text for name, text in others.items()}
        return load_scaffold(write({**BARE, "prompts/log.j2": template, **files}))

    return scaffold


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ status }}", "a key"),
        ("{% if failed %}x{% elif stuck %}y{% else %}z{% endif %}", "z"),
        (
            "{% for line in observation.splitlines() %}{{ loop.index }}:{{ line }};{% endfor %}",
            None,
        ),
        ("{{ 'door' in observation }} {{ 'lock' not in observation }}", "True True"),
        ("{{ surroundings[0].name }} {{ surroundings[0]['steps'] + 1 }}", "door 2"),
        (
            "{% for s in surroundings if s.steps < 2 %}{{ s.direction | upper }}{% endfor %}",
            "NORTH",
        ),
        ("{{ actions | join(', ') }}; {{ actions | length }}", "west, east; 2"),
        ("{{ operations | map(attribute='name') | join(' ') }}", "READ APPEND"),
        ("{{ operations | selectattr('mutates') | list | length }}", "1"),
        ("{{ operations | rejectattr('mutates') | map(attribute='name') | first }}", "READ"),
        ("{{ actions | select('in', ['east', 'up']) | list | last }}", "east"),
        ("{{ actions | reject('eq', 'east') | list | count }}", "1"),
        ("{{ actions | sort | reverse | list | join }}", "westeast"),
        ("{{ ['b', 'a', 'b'] | unique | join }}{{ [3, 1] | max }}{{ [3, 1] | min }}", "ba31"),
        ("{{ {'a': 1, 'b': 2} | items | map('last') | join('+') }}", "1+2"),
        ("{% for k, v in limits.items() %}{{ k[:5] }}={{ v }} {% endfor %}", None),
        ("{{ status ~ '!' ~ 3 ~ none }} {{ 'ab' * 2 }} {{ 7 // 2 }} {{ 7 % 4 }}", None),
        ("{{ '%s' | replace('%s', 'x') }}{{ ' y ' | trim }}{{ 'a\nb' | indent(2) }}", "xya\n  b"),
        ("-{{ 'a\nb' | indent(1, true) }}", "- a\n b"),
        ("{{ 'x' if failed }}", ""),
        ("{{ reason | default('no reason', true) }} {{ reason | d('x') | string }}", "no reason"),
        (
            "{{ -3 | abs }} {{ '4' | int }} {{ '1.5' | float }} {{ 'ab cd' | title }}",
            "3 4 1.5 Ab Cd",
        ),
        ("{{ 'Ab' | lower | capitalize }} {{ 'a b c' | wordcount }}", "Ab 3"),
        ("{{ 'abcdefghij klm' | truncate(8) }}", "abcde..."),
        ("{{ 'x' is defined }} {{ none is none }} {{ 3 is number }} {{ 'a' is string }}", None),
        ("{{ 3 is gt(2) }} {{ 3 is in([3]) }} {{ 'a' is lower }}", "True True True"),
        ("{% with x = 3 %}{{ x }}{% endwith %}{% set y = 4 %}{{ y }}", "34"),
        ("{{ 'north' if status else 'south' }}", "north"),
        ("{% for a in 'abc' %}{{ loop.cycle('x', 'y') }}{{ loop.last }} {% endfor %}", None),
        ("{{ observation.split('.')[0] }}|{{ observation[4:7] }}", "You see a door|see"),
        ("{% include 'parts/notices.j2' %}", ""),
        ("{# nothing #}{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        ("<|READ|>{{ '{% x %}' }}<|END|>", "<|READ|>{% x %}<|END|>"),
    ],
)
def test_what_templates_can_say(template: str, expected: str | None, scaffold: Any) -> None:
    text = scaffold(template).prompt("log", {**VARIABLES, "routine": "log"})
    if expected is not None:
        assert text.strip() == expected


def test_text_stands_as_it_is(scaffold: Any) -> None:
    """No escapes for HTML, and nothing in a variable is read as a template."""
    shown = "<|ACTION|> & \"{{ status }}\" {% include 'x' %}"
    text = scaffold("{{ observation }}\n{{ notices | join('\n') }}").prompt(
        "log", {**VARIABLES, "observation": shown, "notices": ["<b>"]}
    )
    assert text == f"{shown}\n<b>"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (
            "a\n{{ observatoin }}",
            "log.j2:2: log.j2 has no variable 'observatoin'. Did you mean 'ob",
        ),
        ("{{ vocabulary }}", "log.j2:1: log.j2 has no variable 'vocabulary'"),
        ("{{ self }}", "log.j2:1: log.j2 has no variable 'self'"),
        ("{% for a in actions %}\n{{ b }}{% endfor %}", "log.j2:2: log.j2 has no variable 'b'"),
        ("\n{% if stuck %}", "log.j2:2: Unexpected end of template."),
        ("{{ status }", "log.j2:1: unexpected '}'"),
        (
            "{{ status | uper }}",
            "log.j2:1: there is no filter 'uper' for prompts. Did you mean 'up",
        ),
        ("{{ 3 is odd }}", "log.j2:1: there is no test 'odd' for prompts."),
        ("{{ status.format(1) }}", "log.j2:1: there is no method 'format' for prompts."),
        ("{{ range(3) }}", "log.j2:1: range cannot be called; methods can: "),
        (
            "\n{% macro m() %}{% endmacro %}",
            "log.j2:2: a template may not have the statement Macro",
        ),
        ("{% import 'log.j2' as x %}", "may not have the statement Import"),
        ("{% from 'log.j2' import x %}", "may not have the statement FromImport"),
        ("{% extends 'log.j2' %}", "may not have the statement Extends"),
        ("{% block b %}{% endblock %}", "may not have the statement Block"),
        ("{% call status() %}{% endcall %}", "may not have the statement CallBlock"),
        ("{% filter upper %}{% endfilter %}", "may not have the statement FilterBlock"),
        ("{% set x %}a{% endset %}", "may not have the statement AssignBlock"),
        (
            "{% autoescape true %}{% endautoescape %}",
            "may not have the statement Scope",
        ),
        ("{% do 1 %}", "log.j2:1: Encountered unknown tag 'do'"),
        ("{% for a in 'a' %}{% break %}{% endfor %}", "Encountered unknown tag 'break'"),
        ("{{ 2 ** 3 }}", "may not have the expression Pow"),
        ("{% include status %}", "what is included is named as it is"),
        ("{% include ['log.j2', 'plan.j2'] %}", "what is included is named as it is"),
        ("{% include 'parts/note.j2' %}", "no template 'parts/note.j2'. Did you mean 'parts/notic"),
        ("{% include '../scaffold.toml' %}", "there is no template '../scaffold.toml'"),
        ("{% include '/etc/passwd' %}", "there is no template '/etc/passwd'"),
        ("{% include 'log.j2' %}", "these include one another without end: log.j2"),
        ("{{ status.split(*actions) }}", "arguments are written one by one, without * and **"),
        ("{{ status._x }}", "'_x' begins with an underscore"),
        ("{{ _charge }}", "'_charge' begins with an underscore"),
        ("{{ status | _keep }}", "there is no filter '_keep'"),
        ("{% for a in actions recursive %}{% endfor %}", "a loop cannot call itself"),
        ("{% for a in 'a' %}" * 5 + "{% endfor %}" * 5, "nested too deep: 4 loops"),
        ("{{ status" + "| upper" * 70 + " }}", "nested too deep: 4 loops and 60 levels"),
        ("{{ " + "(" * 5_000, "log.j2:1: this is no template: maximum recursion depth"),
        ("{{ " + "9" * 5_000 + " }}", "log.j2:1: this is no template: Exceeds the limit"),
    ],
)
def test_what_templates_cannot_say(template: str, expected: str, problems: Problems) -> None:
    found = problems({**BARE, "prompts/log.j2": template})
    assert any(expected in problem for problem in found), found


def test_a_template_deeper_than_the_stack_is_refused(problems: Problems) -> None:
    deep = f"{{{{ 1{' + 1' * 10_000} }}}}"
    found = problems({"prompts/plan.j2": deep})
    assert set(found) == {
        "prompts/plan.j2:1: nested too deep: 4 loops and 60 levels at most",
    }


def test_templates_that_include_one_another_in_a_circle(problems: Problems) -> None:
    found = problems(
        {
            **BARE,
            "prompts/log.j2": "{% include 'parts/a.j2' %}",
            "prompts/parts/a.j2": "{% include 'parts/b.j2' %}",
            "prompts/parts/b.j2": "{% if failed %}{% include 'parts/a.j2' %}{% endif %}",
        }
    )
    assert "parts/a.j2:1: these include one another without end: log.j2, parts/a.j2" in found[
        0
    ] or ("include one another without end" in found[0])


def test_a_part_sees_what_the_including_template_sets(scaffold: Any) -> None:
    made = scaffold(
        "{% for way in actions %}{% include 'parts/way.j2' %}{% endfor %}", way="{{ way }}!"
    )
    assert made.prompt("log", VARIABLES) == "west!east!"


def test_an_inherited_part_that_is_no_longer_included_is_left_out(write: Write) -> None:
    plain = {"prompts/log.j2": "plain", "prompts/plan.j2": "plain"}
    made = load_scaffold(write(plain))
    assert "parts/situation.j2" not in made.prompts.sources
    assert "parts/space.j2" in made.prompts.sources


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("a\n\n{{ surroundings[3].name }}", "log.j2:3: list object has no element 3"),
        ("{{ surroundings[0].colour }}", "log.j2:1: 'dict object' has no attribute 'colour'"),
        ("{{ 1 / 0 }}", "log.j2:1: division by zero"),
        ("{{ 1 + status }}", "log.j2:1: unsupported operand"),
        ("{% for a in game_step %}{% endfor %}", "log.j2:1: 'int' object is not iterable"),
        ("{{ actions }}", "log.j2:1: a list cannot stand here, only text and numbers"),
        ("{{ limits ~ 'x' }}", "log.j2:1: a dict cannot stand here"),
        ("{{ status | truncate(1) }}", "log.j2:1: expected length >= 3, got 1"),
        ("{% for a, b in actions %}{% endfor %}", "log.j2:1: too many values to unpack"),
    ],
)
def test_what_fails_when_it_is_rendered(template: str, expected: str, scaffold: Any) -> None:
    made = scaffold(template)
    with pytest.raises(ScaffoldError) as raised:
        made.prompt("log", VARIABLES)
    assert expected in str(raised.value)


def test_the_line_of_a_part_is_told(scaffold: Any) -> None:
    made = scaffold("{% include 'parts/a.j2' %}", a="\n\n{{ 1 / 0 }}")
    with pytest.raises(ScaffoldError, match=r"prompts/parts/a\.j2:3: division by zero"):
        made.prompt("log", VARIABLES)


LONG = "a" * 32_000
ATTACKS = [
    # To Python's objects
    "{{ ''['__class__'] }}",
    "{{ status['format'] }}",
    "{{ status['format_map'] }}",
    "{{ ['x'] | map(attribute='__class__.__mro__') | first }}",
    "{{ operations | map(attribute='__init__') | first }}",
    "{{ operations | sort(attribute='__class__') | first }}",
    "{{ operations['__class__'] }}",
    "{{ limits['update'] }}",
    "{% for a in 'ab' %}{{ loop['_iterable'] }}{% endfor %}",
    "{% for a in 'ab' %}{{ loop['__class__'] }}{% endfor %}",
    "{% for a in 'ab' %}{{ loop }}{% endfor %}",
    "{{ '%s' % status }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ [1] | map('center', 1000000000) | first }}",
    "{{ ['{0.__class__}'] | map('format', 1) | first }}",
    "{{ ['x'] | map('attr', '__class__') | first }}",
    "{{ ['%999999999d'] | select('even') | list }}",
    # To run without end
    "{% for a in observation %}{% for b in observation %}{% endfor %}{% endfor %}",
    "{% for a in observation %}{% if a in observation %}{{ '' }}{% endif %}{% endfor %}",
    "{% for a in observation %}{% set b = observation | sort %}{% endfor %}",
    "{% for a in observation %}{% if observation[1:] == observation[:-1] %}{% endif %}{% endfor %}",
    "{% for a in observation %}{% if observation.find('ab') > 0 %}{% endif %}{% endfor %}",
    "{% for a in observation if 'b' in observation %}{% endfor %}",
    # To fill the memory
    "{{ 'a' * 1000000000 }}",
    "{{ 1000000000 * 'a' }}",
    "{{ ([0] * 1000000000) | length }}",
    "{% set x = 'aaaaaaaa' %}" + "{% set x = x ~ x %}" * 60,
    "{% set x = 'aaaaaaaa' %}" + "{% set x = x + x %}" * 60,
    "{% set x = ['a'] %}" + "{% set x = x + x %}" * 60,
    "{% set x = ['a'] %}" + "{% set x = [x, x] %}" * 60,
    "{% set x = ('a', 'b') %}" + "{% set x = (x, x) %}" * 60,
    "{% set x = {'a': 'b'} %}" + "{% set x = {'a': x, 'b': x} %}" * 60,
    "{% set x = 99999999 %}" + "{% set x = x * x %}" * 60,
    "".join(f"{{% set x{number} = observation ~ {number} %}}" for number in range(200)),
    "".join(f"{{% set x{number} = observation[1:] %}}" for number in range(200)),
    "{{ observation | replace('', observation) }}",
    "{{ observation | list | join(observation) }}",
    "{{ observation | indent(1000000000) }}",
    "{{ ([observation] * 1000) | map('upper') | list | join }}",
    "{% for a in observation %}{{ observation }}{% endfor %}",
    "{{ ('f' * 100000) | int(0, 16) }}",
]


@pytest.mark.parametrize("template", ATTACKS, ids=range(len(ATTACKS)))
def test_attacks_come_to_nothing(template: str, problems: Problems, scaffold: Any) -> None:
    if problems({**BARE, "prompts/log.j2": template}):
        return
    made = scaffold(template)
    with pytest.raises(ScaffoldError):
        made.prompt("log", {**VARIABLES, "observation": LONG})


def test_includes_that_multiply_are_bounded(write: Write) -> None:
    """Two includes of a part with two includes of a part, and so on: 2**40 in the end."""
    files = {
        f"prompts/parts/p{depth}.j2": f"{{% include 'parts/p{depth + 1}.j2' %}}" * 2
        for depth in range(40)
    }
    log = {"prompts/log.j2": "{% include 'parts/p0.j2' %}", "prompts/parts/p40.j2": "x"}
    made = load_scaffold(write({**BARE, **files, **log}))
    with pytest.raises(ScaffoldError, match="it takes more than 100,000 steps; loop over less"):
        made.prompt("log", VARIABLES)


def test_a_template_changes_nothing_of_what_it_is_given(scaffold: Any) -> None:
    made = scaffold("{% set actions = actions + ['x'] %}{{ actions | join }}")
    given = {**VARIABLES, "actions": ["west"]}
    assert made.prompt("log", given) == "westx"
    assert given["actions"] == ["west"]


def test_the_largest_observations_are_rendered() -> None:
    """What an environment can show at most, in one prompt."""
    lines = ("x" * 79 + "\n") * 409
    shown = {"observation": lines, "status": lines, "files": lines, "results": lines * 2}
    for name in ("log", "results"):
        text = load_scaffold("generic/v0").prompt(name, {**VARIABLES, **shown})
        assert lines.strip() in text


def test_a_prompt_that_is_none() -> None:
    with pytest.raises(ScaffoldError, match=r"there is no such prompt. Did you mean 'results'\?"):
        load_scaffold("generic/v0").prompt("result", VARIABLES)


def test_all_variables_are_described() -> None:
    """What the tests give is what the tables promise."""
    own = variables.OWN.keys() - {"routine"}
    assert VARIABLES.keys() == variables.DYNAMIC.keys() - own


PIECES = st.sampled_from(
    [
        *("{{", "}}", "{%", "%}", "{#", "#}", " ", "\n", "|", ".", "(", ")", "[", "]", "'", '"'),
        *("for ", "in ", "endfor", "if ", "else", "endif", "set ", "include ", "is ", "not ", "x"),
        *("observation", "actions", "operations", "loop", "status", "upper", "join", "map", "raw"),
        *("~", "+", "-", "*", "%", "/", "**", "==", "=", "<", "and ", "or ", "macro m()", "_", ":"),
        *("1", "9"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=60)))
def test_any_template_is_rendered_or_refused(template: str) -> None:
    """Whatever somebody wrote: a text, or an error that says where; nothing else."""
    sources = {name.removeprefix("prompts/"): text for name, text in BARE.items() if ".j2" in name}
    sources["log.j2"] = template
    prompts = Prompts(sources, {name: f"prompts/{name}" for name in sources})
    problems = check_templates(prompts).problems
    if not problems:
        values = {name: VARIABLES.get(name, "") for name in variables.DYNAMIC}
        try:
            text = prompts.render("log", values)
        except ScaffoldError as error:
            problems = list(error.problems)
        else:
            assert isinstance(text, str)
    assert all(re.match(r"prompts/log\.j2:\d+: \S", problem) for problem in problems), problems

"""How a command is called wrongly is told in one sentence, in English and in Swedish."""

import pytest

from segsim.cli import app

_TOPICS = "scenarios, policies, measures, areas, municipalities, schema"


def call(arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what the command line says of a call that is refused."""
    with pytest.raises(SystemExit) as exit_:
        app(arguments.split(), prog_name="segsim")
    assert exit_.value.code == 2
    out, said = capsys.readouterr()
    assert out == ""
    assert len(said.splitlines()) == 1
    return said.strip()


@pytest.mark.parametrize(
    ("arguments", "english", "swedish"),
    [
        ("run x --sedes 3", 'there is no option --sedes; did you mean "--seeds"?', 'menades "--seeds"?'),
        ("check x -z", "there is no option -z; segsim check --help", "det finns inget tillval -z"),
        ("compare", "SCENARIOS is missing", "SCENARIOS saknas"),
        ("report", "FOLDER is missing", "FOLDER saknas"),
        ("import x", "--municipality is missing", "--municipality saknas"),
        ("list", f"WHAT is missing; it is one of {_TOPICS}", "WHAT saknas; det är något av scenarios"),
        (
            "run x --seeds many",
            '--seeds: must be a whole number from 1 to 1000000, found "many"',
            '--seeds: ska vara ett heltal från 1 till 1000000, här står "many"',
        ),
        ("run x --seeds=0", 'from 1 to 1000000, found "0"', 'här står "0"'),
        (
            "run x --seed -3",
            '--seed: must be a whole number from 0 to 9223372036854775807, found "-3"',
            '"-3"',
        ),
        (
            "run x --years 1.5",
            '--years: must be a whole number, found "1.5"',
            "--years: ska vara ett heltal, här",
        ),
        ("verify x --years 0", "must be a whole number, at least 1", "ett heltal, minst 1"),
        (
            "list polices",
            f'WHAT: must be one of {_TOPICS}, found "polices"; did you mean "policies"?',
            "WHAT: ska",
        ),
        ("run x --seeds", "--seeds has no value after it", "--seeds saknar ett värde efter sig"),
        ("import x --municipality solna --fill=3", "--fill takes no value", "--fill har inget värde"),
        ("report a b", '"b" is too much', '"b" är för mycket'),
        ("results verify a b c", '"b c" is too much', None),
        ("chek x", 'there is no command "chek"; there are run, compare', 'menades "check"?'),
        ("results lst", 'there is no command "lst"; there are list, verify', None),
        ("results --jobs 3 repair", "--jobs goes after a command, such as repair --jobs", None),
    ],
)
def test_wrong_call__is_told_in_one_sentence_in_both_languages(arguments, english, swedish, capsys):
    said = call(arguments, capsys)
    assert said.startswith("segsim: ")
    assert english in said
    if swedish:
        assert swedish in call(
            f"{arguments.split()[0]} --language sv {' '.join(arguments.split()[1:])}", capsys
        )
        assert swedish in call(
            f"{arguments.split()[0]} --language=sv {' '.join(arguments.split()[1:])}", capsys
        )


def test_language_before_the_command__is_told_where_it_goes(capsys):
    said = call("--language sv check x", capsys)
    assert said.startswith(
        "segsim: --language står efter ett kommando, såsom run --language; segsim --help --language sv visar"
    )


def test_language_that_there_is_not__is_told(capsys):
    assert '--language: must be one of en, sv, found "se"' in call("check x --language se", capsys)


@pytest.mark.parametrize("arguments", [[], ["results"]])
def test_bare_command__shows_its_help(arguments, capsys):
    with pytest.raises(SystemExit):
        app(arguments, prog_name="segsim")
    out, said = capsys.readouterr()
    assert "Usage: segsim" in out + said
    assert "segsim: " not in out + said

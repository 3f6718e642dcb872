"""What commands say of themselves, in English as Typer writes it or in Swedish (`--help --language sv`)."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from typer.core import TyperCommand, TyperGroup

from segsim.cli.faults.usage import describe_kind
from segsim.cli.options import find_language

HELP = ("-h", "--help")

SWEDISH = {
    # commands
    "Segregation in housing, schools and work: simulate a city, and compare policies with it as it is.": (
        "Segregation i boende, skola och arbete: simulera en stad och jämför åtgärder med staden som den är."
    ),
    "Start with: segsim compare scenarios/mixed_tenure.yaml. På svenska: segsim --help --language sv": (
        "Börja med: segsim compare scenarios/mixed_tenure.yaml --language sv"
    ),
    "Run scenarios with many seeds, keep every measure of every year, and write a report on each.": (
        "Kör scenarier med många frön, spara alla mått för alla år och skriv en rapport om vart och ett."
    ),
    "Compare policy scenarios with the city they extend, on the same seeds, and write a report.": (
        "Jämför scenarier med åtgärder med den stad de utgår från, med samma frön, och skriv en rapport."
    ),
    "Put what is said of segregation policy to a city: yes, no or not settled, and what that rests on.": (
        "Pröva vad som sägs om segregationspolitik på en stad: ja, nej eller inte avgjort, och vad svaret "
        "vilar på."
    ),
    "Carry out an experiment: many points, many seeds, interrupted and resumed at will.": (
        "Genomför ett experiment: många punkter och många frön, som kan avbrytas och återupptas."
    ),
    "Find the tastes that keep a municipality as it is, or the factors that agree with targets.\n\nOf "
    "a municipality or scenario, a file of tastes is written that scenarios read (`tastes:`). Of "
    "an\nexperiment, history matching tells what is not ruled out; run again, it goes on.": (
        "Hitta de smaker som håller en kommun som den är, eller de faktorer som stämmer med mål.\n\nFör en "
        "kommun eller ett scenario skrivs en fil med smaker som scenarier läser (`tastes:`). För ett "
        "experiment visas vad som inte är uteslutet (history matching); körs det igen går det vidare."
    ),
    "Tell how everything a planner reads moves without policy, with intervals over seeds.\n\nEvery "
    "effect is a difference from this. With --out the runs are kept, and the table as drift.csv.": (
        "Visa hur allt en planerare läser rör sig utan åtgärder, med intervall över frön.\n\nVarje effekt "
        "är en skillnad mot detta. Med --out sparas körningarna, och tabellen som drift.csv."
    ),
    "Write the report of a results folder again, from its stored runs.": (
        "Skriv rapporten i en resultatmapp på nytt, från de sparade körningarna."
    ),
    "Make results again from their record, and tell whether they are the same bytes.": (
        "Gör om resultat från deras förteckning och tala om ifall de blir likadana, byte för byte."
    ),
    "Put what results follow from into one file, for a repository that gives it a DOI.": (
        "Lägg allt som resultat bygger på i en fil, för ett arkiv som ger den en DOI."
    ),
    "Tell how to cite segsim, or results made with it, and by which version and commit.": (
        "Visa hur segsim, eller resultat som gjorts med det, ska anges som källa, med version och commit."
    ),
    "Check scenario files, everything that is wrong at once, without running them.": (
        "Kontrollera scenariofiler, allt som är fel på en gång, utan att köra dem."
    ),
    "Open the planner's page: choose a municipality, put policies together, run them, read the report.": (
        "Öppna planeringssidan: välj en kommun, sätt ihop åtgärder, kör dem och läs rapporten."
    ),
    "Open the classroom page, where a class sees segregation happen; it needs no internet.": (
        "Öppna klassrumssidan, där en klass ser segregation uppstå; den behöver inget internet."
    ),
    "List scenarios, policies, measures, municipalities, a scenario's areas, or the schema of files.": (
        "Lista scenarier, åtgärder, mått, kommuner, områdena i ett scenario eller schemat för filerna."
    ),
    "Put a folder of exports as they come together into a scenario that runs.": (
        "Sätt ihop en mapp med uttag, som de är, till ett scenario som går att köra."
    ),
    "Look after results folders: list, verify, repair, compact.": (
        "Se till resultatmappar: lista, kontrollera, laga, packa ihop."
    ),
    "List results folders: what they hold, how large they are, whether the model has changed since.": (
        "Lista resultatmappar: vad de rymmer, hur stora de är och om modellen har ändrats sedan dess."
    ),
    "Read every file of a results folder and tell what is missing or damaged; change nothing.": (
        "Läs varje fil i en resultatmapp och tala om vad som saknas eller är skadat; ändra ingenting."
    ),
    "Set damaged files aside, make the missing runs again, and write the tables beside them anew.": (
        "Lägg skadade filer åt sidan, gör om de körningar som saknas och skriv tabellerna intill på nytt."
    ),
    "Put all there is to hand on into one file: page, PDF, figures as SVG and PNG, tables.": (
        "Lägg allt som ska lämnas vidare i en fil: sida, PDF, figurer som SVG och PNG, tabeller."
    ),
    "Print it to a PDF too, with Chromium or Chrome.": (
        "Skriv ut den som PDF också, med Chromium eller Chrome."
    ),
    "Gather the files of single runs into a few large ones.": (
        "Samla filerna för enskilda körningar i några få stora."
    ),
    # what they are given
    "Show this message and exit.": "Visa denna hjälp.",
    "Print the version.": "Skriv ut versionen.",
    "Scenario files, names of scenarios (segsim list scenarios), or municipalities of Sweden; "
    "stockholm,solna is one region.": (
        "Scenariofiler, namn på scenarier (segsim list scenarios) eller svenska kommuner; stockholm,solna "
        "är en region."
    ),
    "Scenario files, or names of scenarios (segsim list scenarios).": (
        "Scenariofiler eller namn på scenarier (segsim list scenarios)."
    ),
    "A county of Sweden as one region, by code or name, such as 01.": (
        "Ett svenskt län som en region, med kod eller namn, såsom 01."
    ),
    "Runs per scenario; 20 or more for intervals.": "Körningar per scenario; 20 eller fler för intervall.",
    "This seed alone, in the place of --seeds; again for more, as --seed 3 --seed 8.": (
        "Bara detta frö, i stället för --seeds; en gång till för fler, som --seed 3 --seed 8."
    ),
    "Years to simulate, in the place of the scenario's own.": (
        "År att simulera, i stället för scenariots egna."
    ),
    "Runs at a time; all cores if not given.": "Körningar på samma gång; alla kärnor om inget anges.",
    "Folder for the results; results/SCENARIO if not given.": (
        "Mapp för resultaten; results/SCENARIO om inget anges."
    ),
    "Language of the report and of what is told, errors included.": (
        "Språk i rapporten och i det som skrivs ut, även fel."
    ),
    "A value in the place of the file's, such as preferences.housing.own_group=2.": (
        "Ett värde i stället för filens, såsom preferences.housing.own_group=2."
    ),
    "Address of a Dask scheduler, such as tcp://host:8786.": (
        "Adress till en Dask-schemaläggare, såsom tcp://host:8786."
    ),
    "Run code that a scenario or results folder brings along; only what you have looked at.": (
        "Kör kod som ett scenario eller en resultatmapp har med sig; bara sådant du har tittat på."
    ),
    "Add seeds until a measure is this precise, such as D:0.005.": (
        "Lägg till frön tills ett mått är så här säkert, såsom D:0.005."
    ),
    "What the conclusion rests on, such as D/background/area.": (
        "Vad slutsatsen vilar på, såsom D/background/area."
    ),
    "Report in how many runs a measure ends above a threshold, such as D:0.45.": (
        "Redovisa i hur många körningar ett mått slutar över en tröskel, såsom D:0.45."
    ),
    "Only the policies this body decides within today's law, such as municipality.": (
        "Bara de åtgärder som detta organ beslutar inom dagens lag, såsom municipality."
    ),
    "Run each policy of a bundle by itself too, to tell their effects.": (
        "Kör också varje åtgärd i ett paket för sig, för att skilja effekterna åt."
    ),
    "A municipality by name or code, or the scenario file of a city.": (
        "En kommun med namn eller kod, eller scenariofilen för en stad."
    ),
    "Only this claim, by name, file or folder; may be repeated.": (
        "Bara detta påstående, med namn, fil eller mapp; kan upprepas."
    ),
    "Experiment file: what to vary, by which design.": (
        "Experimentfil: vad som ska varieras, enligt vilken plan."
    ),
    "Go on in a folder that holds runs already.": "Fortsätt i en mapp som redan har körningar.",
    "Only tell how many runs, how long, how large.": (
        "Tala bara om hur många körningar, hur länge och hur stort."
    ),
    "Language of errors.": "Språk för fel.",
    "A municipality or scenario to keep as it is, or an experiment file with a latin_hypercube and "
    "targets.": (
        "En kommun eller ett scenario att hålla som det är, eller en experimentfil med latin_hypercube och "
        "targets."
    ),
    "Rounds of runs of an experiment.": "Omgångar av körningar i ett experiment.",
    "Seeds of a municipality, from 1.": "Frön för en kommun, från 1.",
    "Years it is to stay as it is.": "År som den ska förbli som den är.",
    "A municipality or scenario; its policies are left out.": (
        "En kommun eller ett scenario; åtgärderna utelämnas."
    ),
    "Seeds, from 101.": "Frön, från 101.",
    "Years to follow.": "År att följa.",
    "Results folder of run, compare or sweep.": "Resultatmapp från run, compare eller sweep.",
    "A provenance.json, a results folder, or an archive of segsim archive.": (
        "En provenance.json, en resultatmapp eller ett arkiv från segsim archive."
    ),
    "One scenario or point, such as p017 of a sweep.": "Ett scenario eller en punkt, såsom p017 i ett svep.",
    "Folder to keep the new results in; none keeps nothing.": (
        "Mapp att spara de nya resultaten i; utan den sparas inget."
    ),
    "The archive; FOLDER.zip if not given.": "Arkivet; FOLDER.zip om inget anges.",
    "Results folder; without one the program itself is cited.": (
        "Resultatmapp; utan den anges själva programmet."
    ),
    "As an entry of BibTeX.": "Som en post i BibTeX.",
    "Address to listen on; 0.0.0.0 lets the class in over the network.": (
        "Adress att lyssna på; 0.0.0.0 släpper in klassen över nätverket."
    ),
    "A municipality to begin with, by name or code, or a plan's scenario file to go on with.": (
        "En kommun att börja med, med namn eller kod, eller scenariofilen för en plan att fortsätta med."
    ),
    "Folder for the scenario files and results.": "Mapp för scenariofiler och resultat.",
    "Port to listen on.": "Port att lyssna på.",
    "Language of the page.": "Språk på sidan.",
    "Open the page in a browser.": "Öppna sidan i en webbläsare.",
    "Pages open at once, at most; one takes 3 MB.": "Sidor öppna samtidigt, högst; en tar 3 MB.",
    "What to list.": "Vad som ska listas.",
    "A scenario, for areas; one of the policies, for all about it; part of a municipality's or "
    "county's name, or of a code.": (
        "Ett scenario, för områden; en av åtgärderna, för allt om den; del av en kommuns eller ett läns "
        "namn, eller av en kod."
    ),
    "All about policies, as Markdown.": "Allt om åtgärderna, som Markdown.",
    "Language of the policies.": "Språk för åtgärderna.",
    "Only policies that this body decides, such as municipality.": (
        "Bara åtgärder som detta organ beslutar, såsom municipality."
    ),
    "Folder with exports of Statistics Sweden, maps and schools.": (
        "Mapp med uttag från SCB, kartor och skolor."
    ),
    "Name or code of the municipality.": "Kommunens namn eller kod.",
    "The scenario file to write.": "Scenariofilen som ska skrivas.",
    "The year the city begins.": "Året då staden börjar.",
    "Take what is missing from the facts of 2022 that come with segsim.": (
        "Ta det som saknas ur de fakta för 2022 som följer med segsim."
    ),
    "Fetch the tables from Statistics Sweden into the folder first (segsim[scb]).": (
        "Hämta först tabellerna från SCB till mappen (segsim[scb])."
    ),
    "Number of a table to fetch in place of the usual: income=TAB6679.": (
        "Nummer på en tabell att hämta i stället för den vanliga: income=TAB6679."
    ),
    "Folder to look in.": "Mapp att leta i.",
}
"""What commands and their options say, in Swedish by the English."""


class BilingualCommand(TyperCommand):
    """A command that says what it is in the language it is asked in."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write what the command is, in Swedish if it is asked for."""
        if find_language(ctx) == "sv":
            write_in_swedish(self, ctx, formatter)
        else:
            super().format_help(ctx, formatter)


class BilingualGroup(TyperGroup):
    """Commands that say what they are in the language they are asked in."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Take the command line apart; a language is let pass where help alone is asked for."""
        return super().parse_args(ctx, drop_language(args))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write what the commands are, in Swedish if it is asked for."""
        if find_language(ctx) == "sv":
            write_in_swedish(self, ctx, formatter)
        else:
            super().format_help(ctx, formatter)


def drop_language(arguments: Sequence[str]) -> list[str]:
    """Return arguments without the language, if they ask for help and nothing more."""
    rest = [
        one
        for before, one in pairwise(("", *arguments))
        if before != "--language" and one.partition("=")[0] != "--language"
    ]
    return rest if rest and set(rest) <= set(HELP) else list(arguments)


def write_in_swedish(command: Any, ctx: Any, formatter: Any) -> None:
    """Write what a command or a group of commands is."""
    parameters = command.get_params(ctx)
    arguments = [one for one in parameters if one.param_type_name == "argument"]
    options = [one for one in parameters if one.param_type_name == "option" and not one.hidden]
    commands = getattr(command, "commands", {})
    pieces = [*(str(one.name).upper() for one in arguments), "KOMMANDO ..." if commands else ""]
    formatter.write_usage(ctx.command_path, " ".join(["[TILLVAL]", *pieces]).strip(), "Användning: ")
    for paragraph in SWEDISH[command.help].split("\n\n"):
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(paragraph)
    for title, rows in (
        ("Argument", [(str(one.name).upper(), describe(ctx, one)) for one in arguments]),
        ("Tillval", [(list_names(one), describe(ctx, one)) for one in options]),
        ("Kommandon", [(name, SWEDISH[one.help].split("\n\n")[0]) for name, one in commands.items()]),
    ):
        if rows:
            with formatter.section(title):
                formatter.write_dl(rows)
    if command.epilog:
        formatter.write_paragraph()
        formatter.write_text(SWEDISH[command.epilog])


def list_names(option: Any) -> str:
    """Return what an option is called, and what stands after it."""
    names = ", ".join((*option.opts, *option.secondary_opts))
    return f"{names} {option.metavar}" if option.metavar else names


def describe(ctx: Any, parameter: Any) -> str:
    """Return what a parameter is for, what it must be, and what it is if it is not given."""
    kind, usual = describe_kind(ctx, parameter), parameter.default
    notes = [f"{kind:sv}"] if kind.en else []
    if usual not in (None, False, "") and not callable(usual):
        notes.append(f"förval: {'ja' if usual is True else getattr(usual, 'value', usual)}")
    elif parameter.required:
        notes.append("krävs")
    return SWEDISH[parameter.help] + (f" [{'; '.join(notes)}]" if notes else "")

"""Sidans ord på svenska: the words of the page in Swedish."""

SWEDISH: dict[str, str] = {
    "title": "Segregation i klassrummet",
    "lesson": "Lektion",
    "language": "Språk",
    "play": "Spela",
    "pause": "Paus",
    "step": "Ett steg",
    "reset": "Börja om",
    "another": "En annan slumpstart",
    "speed": "Fart",
    "speed.as_fast": "så fort det går",
    "speed.unit": "{n} steg i sekunden",
    "speed.unit_year": "{n} år i sekunden",
    "copy_link": "Kopiera länk",
    "link_copied": "Länken är kopierad. Den öppnar sidan med de här inställningarna.",
    "download": "Scenariofil",
    "no_download": "Den här lektionen är ett exempel på en enda regel, inget scenario",
    "keys": "Tangenter",
    "keys.title": "Tangentbord",
    "keys.space": "Mellanslag: spela eller pausa",
    "keys.step": "S eller högerpil: ett steg",
    "keys.reset": "R: börja om",
    "keys.many": "M: kör många",
    "keys.lesson": "1 till 9 och 0: lektion",
    "keys.language": "L: svenska eller engelska",
    "keys.sliders": "Tabb går mellan reglagen; piltangenter flyttar ett reglage.",
    "close": "Stäng",
    "section.board": "Brädet",
    "section.people": "Vad människor vill ha",
    "section.moves": "Hur de flyttar",
    "section.schools": "Skolor",
    "section.admission": "Regel och önskemål",
    "section.league": "De två skolorna",
    "section.city": "Staden",
    "section.task": "Pröva",
    "set.size": "Brädets storlek",
    "set.density": "Bebodda bostäder",
    "set.groups": "Grupper",
    "set.share": "Andel {group}",
    "set.torus": "Motsatta kanter möts",
    "set.utility": "Nytta av lika grannar",
    "set.wanted.threshold": "Önskad andel lika",
    "set.wanted.single_peaked": "Andel man helst har",
    "set.at_all": "Värde när alla är lika",
    "set.content": "Nöjd från värdet",
    "set.radius": "Grannskapets radie",
    "set.rule": "Regel",
    "set.beta": "Beta: önskan mot slump",
    "set.candidates": "Var de letar",
    "set.schools": "Antal skolor",
    "set.composition_weight": "Vikt på vilka som går där mot närhet",
    "set.home_steps": "Steg av flyttning först",
    "set.mechanism": "Antagningsregel",
    "set.list_1": "Idas lista över skolor",
    "set.list_2": "Omars lista över skolor",
    "set.list_3": "Evas lista över skolor",
    "set.impact_a": "Vad skola A ger",
    "set.impact_b": "Vad skola B ger",
    "set.sorting": "Familjer som följer listan",
    "set.town": "Stad",
    "set.stage": "Vad som gäller i staden",
    "set.own_group": "Önskan om grannar ur egen grupp",
    "utility.threshold": "Lagom räcker (tröskel)",
    "utility.linear": "Ju fler desto bättre (linje)",
    "utility.single_peaked": "En blandning är bäst (topp)",
    "utility.stairs": "Trappsteg",
    "rule.threshold": "De missnöjda flyttar",
    "rule.best_response": "Alla tar det bästa de ser",
    "rule.logit": "Bättre är troligare (logit)",
    "candidates.nearest": "Närmaste bostad som duger",
    "candidates.one": "Vilken ledig bostad som helst",
    "candidates.some": "20 slumpvis valda lediga",
    "candidates.all": "Alla lediga bostäder",
    "mechanism.immediate": "Omedelbar antagning (Boston)",
    "mechanism.deferred": "Uppskjuten antagning (Gale och Shapley)",
    "mechanism.trading": "Byten i ring (top trading cycles)",
    "town.borlange": "Borlänge",
    "town.sodertalje": "Södertälje (dubbelt så stor, långsammare)",
    "stage.0": "Bara önskan om lika grannar: varje bostad står öppen för alla",
    "stage.1": "+ Hyror: hyresvärdar kräver inkomst",
    "stage.2": "+ Ägande: sparande och lån krävs",
    "stage.3": "+ Kö till allmännyttan",
    "stage.4": "+ Önskan om lika inkomst och utbildning: hela modellen",
    "group.0": "blå",
    "group.1": "orange",
    "group.2": "gröna",
    "group.3": "lila",
    "yes": "Ja",
    "no": "Nej",
    "curve.title": "V(x): vad en andel lika grannar är värd",
    "curve.x": "andel lika",
    "curve.y": "V",
    "chart.own_share": "Grannar ur den egna gruppen",
    "chart.own_share_school": "Skolkamrater ur den egna gruppen",
    "chart.own_share_city": "Egen bakgrund i området",
    "chart.D": "Olikhetsindex D",
    "chart.satisfied": "Nöjda",
    "chart.nearest": "Elever i sin närmaste skola",
    "chart.moved": "Hushåll som flyttade under året",
    "chart.means": "Medelresultat i ranklistan",
    "chart.added": "Vad ett år i skolan ger",
    "line.own_share": "nu",
    "line.own_share_chance": "av slump",
    "line.D": "D",
    "line.D_schools": "D för skolor",
    "line.D_homes": "D för bostäder",
    "line.D_chance": "D av slump",
    "line.satisfied": "nöjda",
    "line.nearest": "närmaste skola",
    "line.moved": "flyttade",
    "line.mean_a": "skola A",
    "line.mean_b": "skola B",
    "line.added_a": "skola A",
    "line.added_b": "skola B",
    "many.button": "Kör {n} frön",
    "many.cancel": "Avbryt",
    "many.title": "Spridning över slumpfrön",
    "many.explain": (
        "Varje prick är en körning med samma inställningar och en annan slumpstart, efter {steps} steg."
    ),
    "many.explain_year": (
        "Varje prick är en stad med samma inställningar och en annan slumpstart, efter {steps} år."
    ),
    "many.empty": "Slumpen spelar in. Kör många frön och se hur mycket.",
    "many.mean": "medel {mean}, från {low} till {high}",
    "status.preparing": "Brädet görs i ordning ... (allra första gången tar det upp till en minut)",
    "status.step": "Steg",
    "status.year": "År",
    "status.playing": "spelar",
    "status.paused": "pausad",
    "status.settled": "i vila: ingen flyttar mer",
    "status.lost": "Förbindelsen bröts; försöker igen ...",
    "link_problem": (
        "En del av länken gick inte att läsa ({keys}); där används lektionens egna inställningar."
    ),
    "cannot": "Det går inte: {reason}",
    "board.label": "Brädet, ritat medan det ändras; siffrorna bredvid säger vad det visar.",
    "board.legend_vacant": "ledig",
    "legend.level_low": "lågt resultat",
    "legend.level_high": "högt resultat",
    "legend.foreign_low": "få med utländsk bakgrund",
    "legend.foreign_high": "många",
    "legend.school": "skola: cirkeln visar vilka som går där",
    "league.sides": "Vänster: skola A. Höger: skola B. Varje ruta är en elev, de bästa överst.",
    "admission.pupil": "Elev",
    "admission.pupil_1": "Ida",
    "admission.pupil_2": "Omar",
    "admission.pupil_3": "Eva",
    "admission.true": "Vill egentligen",
    "admission.listed": "Skriver",
    "admission.gets": "Får",
    "admission.choice": "Egentligen",
    "admission.choice_1": "förstahandsval",
    "admission.choice_2": "andrahandsval",
    "admission.choice_3": "tredjehandsval",
    "admission.school": "Skola",
    "admission.priority": "Turordning",
    "admission.priorities": "Vem som går före i varje skola (en plats i varje)",
    "admission.wishes": "Vem som vill vad, och får vad",
    "admission.rounds": "Så går det till",
    "admission.lie": "Hade en annan lista gett mer?",
    "admission.no_gain": "Nej: ingen vinner på att skriva något annat.",
    "admission.gain": "Ja: {pupil} skulle få {school} i stället genom att skriva {list}.",
    "admission.envy": "Berättigad avund",
    "admission.no_envy": "Ingen: ingen nekas en skola som tagit någon med lägre turordning.",
    "admission.has_envy": "{pupil} vill hellre ha {school} och går före {other} där.",
    "admission.school_n": "skola {n}",
    "admission.round": "Omgång {n}",
    "admission.asks": "{pupil} söker {school}",
    "admission.keeps": "{school} tar {pupil} för gott",
    "admission.holds": "{school} behåller {pupil} tills vidare",
    "admission.refuses": "{school} nekar {pupil}",
    "admission.cycle": "{pupil} tar {school}",
    "preset.schelling.title": "Schelling: en mild önskan",
    "preset.schelling.summary": (
        "Två grupper. Alla är nöjda om en tredjedel av grannarna hör till den egna gruppen, och flyttar"
        " annars på måfå."
    ),
    "preset.schelling.task": (
        "Gissa först: hur blandat blir det när alla är nöjda? Tryck sedan på Spela. Flytta Önskad andel"
        " lika till 20, 50 och 76 %. När kommer ingen längre till ro?"
    ),
    "preset.schelling_1971.title": "Schellings eget bräde från 1971",
    "preset.schelling_1971.summary": (
        "13 gånger 16 rutor, som Schelling spelade med mynt: alla vill att hälften av grannarna är lika"
        " dem och flyttar till närmaste plats där det är så."
    ),
    "preset.schelling_1971.task": (
        "Ta ett steg i taget. Vem flyttar först? Spelar ordningen någon roll? Tryck på En annan "
        "slumpstart och jämför."
    ),
    "preset.tolerance_paradox.title": "Toleransens paradox",
    "preset.tolerance_paradox.summary": (
        "Alla tycker bäst om en jämn blandning, men är hellre i majoritet än i minoritet. Staden delar "
        "sig ändå."
    ),
    "preset.tolerance_paradox.task": (
        "Sänk Värde när alla är lika till 0. Består blandningen nu? Varför räcker ett steg från jämnt "
        "för att den ska tippa?"
    ),
    "preset.beta_debate.title": "Striden om beta",
    "preset.beta_debate.summary": (
        "Delar en mild önskan om lika grannar en stad? Bruch och Mare (2006) sa nej, van de Rijt med "
        "flera (2009) sa ja. Svaret ligger i beta: hur mycket slump det finns."
    ),
    "preset.beta_debate.task": (
        "Börja med beta 2, pröva sedan 10 och 30. Byt nyttan till en tröskel. Vilken delar staden vid "
        "vilket beta?"
    ),
    "preset.vacancy.title": "Plats att flytta",
    "preset.vacancy.summary": (
        "Nästan varje bostad är bebodd. Det är de lediga bostäderna som låter människor flytta: hur "
        "mycket plats som finns avgör hur fort en önskan uppfylls, och hur staden ser ut när den är "
        "det."
    ),
    "preset.vacancy.task": (
        "Skriv upp D efter 100 steg. Sänk sedan Bebodda bostäder till 80 och till 50 %. Ger mer plats "
        "mer segregation, eller ro tidigare?"
    ),
    "preset.unequal_groups.title": "En majoritet och en minoritet",
    "preset.unequal_groups.summary": (
        "Fyra blå på en orange, alla med samma önskan. Den binder de få mer än de många."
    ),
    "preset.unequal_groups.task": (
        "Vilka är missnöjda från början? Jämför andelen egna grannar med vad slumpen ger. Gör grupperna"
        " lika stora och jämför D."
    ),
    "preset.schools.title": "Skolor: närhet mot likhet",
    "preset.schools.summary": (
        "Familjer väger vilka som går i en skola mot hur nära den ligger. Cirklar är skolor och visar "
        "vilka som går där."
    ),
    "preset.schools.task": (
        "Med vikt 1 räknas bara kamraterna. Sänk den till 0,3 och 0,1: närhet dämpar segregationen. Låt"
        " sedan bostäderna dela sig först (20 steg). Hjälper närhet fortfarande?"
    ),
    "preset.admission.title": "Boston eller uppskjuten antagning",
    "preset.admission.summary": (
        "Tre elever, tre skolor med en plats var (Abdulkadiroğlu och Sönmez 2003). Med Bostonregeln "
        "lönar sig en slug lista; med uppskjuten antagning är ärlighet aldrig sämre."
    ),
    "preset.admission.task": (
        "Med Boston får Omar sitt sista val när alla är ärliga. Vilken lista hade hjälpt honom? Byt "
        "sedan regel: vem kan nu vinna på att ljuga?"
    ),
    "preset.league_tables.title": "Ranklistor som vilseleder",
    "preset.league_tables.summary": (
        "Två lika bra skolor. Familjer läser listan och väljer, och listan tycks bevisa att den ena är "
        "bättre (Kinkeads modell)."
    ),
    "preset.league_tables.task": (
        "Ingen av skolorna ger något. Varför leder en? Låt skolan längst ner ge 0,25. Märker listan "
        "det? Sätt sedan familjer som följer listan till 0."
    ),
    "preset.whole_city.title": "En hel stad, upplåtelseform för upplåtelseform",
    "preset.whole_city.summary": (
        "50 000 människor med bostäder, skolor och arbete, år för år. Först verkar bara önskan om lika "
        "grannar; sedan kommer hyror, ägande och köer tillbaka en efter en."
    ),
    "preset.whole_city.task": (
        "Spela fem år i varje skede. Vilken regel flyttar D mest? Jämför med Schellings bräde: vad "
        "hindrar en verklig stad från att falla isär, eller ihop?"
    ),
}
"""Texts by key."""

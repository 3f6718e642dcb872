"""The words of the page in English."""

ENGLISH: dict[str, str] = {
    "title": "Segregation in the classroom",
    "lesson": "Lesson",
    "language": "Language",
    "play": "Play",
    "pause": "Pause",
    "step": "One step",
    "reset": "Start again",
    "another": "Another random start",
    "speed": "Speed",
    "speed.as_fast": "as fast as possible",
    "speed.unit": "{n} steps a second",
    "speed.unit_year": "{n} years a second",
    "copy_link": "Copy link",
    "link_copied": "The link is copied. It opens the page with these settings.",
    "download": "Scenario file",
    "no_download": "This lesson is an example of one rule, not a scenario",
    "keys": "Keys",
    "keys.title": "Keyboard",
    "keys.space": "Space: play or pause",
    "keys.step": "S or right arrow: one step",
    "keys.reset": "R: start again",
    "keys.many": "M: run many",
    "keys.lesson": "1 to 9 and 0: lesson",
    "keys.language": "L: English or Swedish",
    "keys.sliders": "Tab moves between controls; arrow keys move a slider.",
    "close": "Close",
    "section.board": "The board",
    "section.people": "What people want",
    "section.moves": "How they move",
    "section.schools": "Schools",
    "section.admission": "Rule and wishes",
    "section.league": "The two schools",
    "section.city": "The city",
    "section.task": "Try",
    "set.size": "Size of the board",
    "set.density": "Homes that are lived in",
    "set.groups": "Groups",
    "set.share": "Share of {group}",
    "set.torus": "Opposite edges meet",
    "set.utility": "Utility of like neighbours",
    "set.wanted.threshold": "Similar wanted",
    "set.wanted.single_peaked": "Share liked best",
    "set.at_all": "Value when all are alike",
    "set.content": "Satisfied from a value of",
    "set.radius": "Radius of the neighbourhood",
    "set.rule": "Rule",
    "set.beta": "Beta: weight of preference against chance",
    "set.candidates": "Where they look",
    "set.schools": "Number of schools",
    "set.composition_weight": "Weight of who goes there against nearness",
    "set.home_steps": "Steps of moving home first",
    "set.mechanism": "Admission rule",
    "set.list_1": "Ida's list of schools",
    "set.list_2": "Omar's list of schools",
    "set.list_3": "Eva's list of schools",
    "set.impact_a": "What school A adds",
    "set.impact_b": "What school B adds",
    "set.sorting": "Families that follow the table",
    "set.town": "City",
    "set.stage": "What holds in the city",
    "set.own_group": "Wish for neighbours of the own group",
    "utility.threshold": "Enough is enough (threshold)",
    "utility.linear": "The more the better (line)",
    "utility.single_peaked": "A mix is best (peak)",
    "utility.stairs": "Steps",
    "rule.threshold": "The unsatisfied move",
    "rule.best_response": "Everyone takes the best they see",
    "rule.logit": "Better is likelier (logit)",
    "candidates.nearest": "The nearest home that satisfies",
    "candidates.one": "Any vacant home, at random",
    "candidates.some": "20 random vacant homes",
    "candidates.all": "All vacant homes",
    "mechanism.immediate": "Immediate acceptance (Boston)",
    "mechanism.deferred": "Deferred acceptance (Gale and Shapley)",
    "mechanism.trading": "Top trading cycles",
    "town.borlange": "Borlänge",
    "town.sodertalje": "Södertälje (twice as large, slower)",
    "stage.0": "Only the wish for like neighbours: any home is open to anyone",
    "stage.1": "+ Rents: landlords ask for income",
    "stage.2": "+ Ownership: savings and loans are needed",
    "stage.3": "+ Queues for public rentals",
    "stage.4": "+ Wishes for like incomes and schooling: the full model",
    "group.0": "blue",
    "group.1": "orange",
    "group.2": "green",
    "group.3": "purple",
    "yes": "Yes",
    "no": "No",
    "curve.title": "V(x): what a share of like neighbours is worth",
    "curve.x": "share alike",
    "curve.y": "V",
    "chart.own_share": "Neighbours of one's own group",
    "chart.own_share_school": "Schoolmates of one's own group",
    "chart.own_share_city": "Own background in the area",
    "chart.D": "Dissimilarity D",
    "chart.satisfied": "Satisfied",
    "chart.nearest": "Pupils in their nearest school",
    "chart.moved": "Households that moved in the year",
    "chart.means": "Mean result in the league table",
    "chart.added": "What a year at the school adds",
    "line.own_share": "now",
    "line.own_share_chance": "by chance",
    "line.D": "D",
    "line.D_schools": "D of schools",
    "line.D_homes": "D of homes",
    "line.D_chance": "D by chance",
    "line.satisfied": "satisfied",
    "line.nearest": "nearest school",
    "line.moved": "moved",
    "line.mean_a": "school A",
    "line.mean_b": "school B",
    "line.added_a": "school A",
    "line.added_b": "school B",
    "many.button": "Run {n} seeds",
    "many.cancel": "Stop",
    "many.title": "Spread over seeds",
    "many.explain": (
        "Each dot is one run with the same settings and another random start, after {steps} steps."
    ),
    "many.explain_year": (
        "Each dot is one city with the same settings and another random start, after {steps} years."
    ),
    "many.empty": "Chance plays a part. Run many seeds to see how much.",
    "many.mean": "mean {mean}, from {low} to {high}",
    "status.preparing": "Preparing the board ... (the very first time takes up to a minute)",
    "status.step": "Step",
    "status.year": "Year",
    "status.playing": "playing",
    "status.paused": "paused",
    "status.settled": "settled: nobody will move again",
    "status.lost": "Connection lost; trying again ...",
    "link_problem": "Part of this link could not be read ({keys}); the lesson's own settings are used there.",
    "cannot": "That cannot be: {reason}",
    "board.label": "The board, drawn live; the numbers beside it say what it shows.",
    "board.legend_vacant": "vacant",
    "legend.level_low": "low result",
    "legend.level_high": "high result",
    "legend.foreign_low": "few of foreign background",
    "legend.foreign_high": "many",
    "legend.school": "school: its circle shows who goes there",
    "league.sides": "Left: school A. Right: school B. Each square is a pupil, the best at the top.",
    "admission.pupil": "Pupil",
    "admission.pupil_1": "Ida",
    "admission.pupil_2": "Omar",
    "admission.pupil_3": "Eva",
    "admission.true": "Really wants",
    "admission.listed": "Lists",
    "admission.gets": "Gets",
    "admission.choice": "Really the",
    "admission.choice_1": "first choice",
    "admission.choice_2": "second choice",
    "admission.choice_3": "third choice",
    "admission.school": "School",
    "admission.priority": "Order of priority",
    "admission.priorities": "Who comes first at each school (one seat each)",
    "admission.wishes": "Who wants what, and gets what",
    "admission.rounds": "How it goes",
    "admission.lie": "Would another list have given more?",
    "admission.no_gain": "No: nobody can gain by listing anything else.",
    "admission.gain": "Yes: {pupil} would get {school} instead by listing {list}.",
    "admission.envy": "Justified envy",
    "admission.no_envy": "None: nobody is refused a school that took someone with lower priority.",
    "admission.has_envy": "{pupil} would rather have {school} and comes before {other} there.",
    "admission.school_n": "school {n}",
    "admission.round": "Round {n}",
    "admission.asks": "{pupil} asks {school}",
    "admission.keeps": "{school} takes {pupil} for good",
    "admission.holds": "{school} holds {pupil} for now",
    "admission.refuses": "{school} refuses {pupil}",
    "admission.cycle": "{pupil} takes {school}",
    "preset.schelling.title": "Schelling: a mild wish",
    "preset.schelling.summary": (
        "Two groups. Everyone is content if a third of the neighbours are of their own group, and moves"
        " at random otherwise."
    ),
    "preset.schelling.task": (
        "Guess first: how mixed will it be when all are content? Then press play. Move Similar wanted "
        "to 20, 50 and 76%. At what point does nobody settle?"
    ),
    "preset.schelling_1971.title": "Schelling's own board of 1971",
    "preset.schelling_1971.summary": (
        "13 by 16 squares, as Schelling played it with coins: everyone wants half of the neighbours "
        "alike and moves to the nearest place that has it."
    ),
    "preset.schelling_1971.task": (
        "Take one step at a time. Who moves first? Does the order of moves matter? Press Another random"
        " start and compare."
    ),
    "preset.tolerance_paradox.title": "The paradox of tolerance",
    "preset.tolerance_paradox.summary": (
        "Everyone likes an even mix best, but would rather be in the majority than in the minority. The"
        " city separates all the same."
    ),
    "preset.tolerance_paradox.task": (
        "Lower Value when all are alike to 0. Does the mix last now? Why is one step from the even mix "
        "enough to tip it?"
    ),
    "preset.beta_debate.title": "The debate on beta",
    "preset.beta_debate.summary": (
        "Does a gentle wish for like neighbours separate a city? Bruch and Mare (2006) said no, van de "
        "Rijt and colleagues (2009) said yes. The answer lies in beta: how much chance there is."
    ),
    "preset.beta_debate.task": (
        "Start with beta 2, then try 10 and 30. Change the utility to a threshold. Which of them "
        "separates at which beta?"
    ),
    "preset.vacancy.title": "Room to move",
    "preset.vacancy.summary": (
        "Almost every home is lived in. Vacant homes are what lets people move: how much room there is "
        "decides how fast a wish is met, and what the city looks like when it is."
    ),
    "preset.vacancy.task": (
        "Note D after 100 steps. Then lower Homes that are lived in to 80 and to 50%. Does more room "
        "bring more segregation, or a sooner rest?"
    ),
    "preset.unequal_groups.title": "A majority and a minority",
    "preset.unequal_groups.summary": (
        "Four blue to one orange, all with the same wish. It binds the few more than the many."
    ),
    "preset.unequal_groups.task": (
        "Who is unsatisfied at first? Compare the share of own neighbours with what chance gives. Make "
        "the groups equal and compare D."
    ),
    "preset.schools.title": "Schools: nearness against likeness",
    "preset.schools.summary": (
        "Families weigh who goes to a school against how near it is. Circles are schools, and show who "
        "goes there."
    ),
    "preset.schools.task": (
        "With weight 1 only classmates count. Lower it to 0.3 and to 0.1: nearness tempers segregation."
        " Then let homes separate first (20 steps). Does nearness still help?"
    ),
    "preset.admission.title": "Boston or deferred acceptance",
    "preset.admission.summary": (
        "Three pupils, three schools with one seat each (Abdulkadiroğlu and Sönmez 2003). Under the "
        "Boston rule a clever list pays; under deferred acceptance honesty is never worse."
    ),
    "preset.admission.task": (
        "Under Boston Omar gets his last choice when all are honest. Which list would have helped him? "
        "Then change the rule: who can gain by lying now?"
    ),
    "preset.league_tables.title": "League tables that mislead",
    "preset.league_tables.summary": (
        "Two schools of the same quality. Families read the table and choose, and the table seems to "
        "prove one school better (Kinkead's model)."
    ),
    "preset.league_tables.task": (
        "Both schools add nothing. Why does one lead? Let the school at the bottom add 0.25. Does the "
        "table notice? Then set families that follow the table to 0."
    ),
    "preset.whole_city.title": "A whole city, tenure by tenure",
    "preset.whole_city.summary": (
        "50 000 people with homes, schools and work, year by year. First only the wish for like "
        "neighbours acts; then rents, ownership and queues come back one after another."
    ),
    "preset.whole_city.task": (
        "Play five years at each stage. Which rule moves D most? Compare with the board of Schelling: "
        "what keeps a real city from falling apart, or together?"
    ),
}
"""Texts by key."""

"""Ages at which law and statistics draw a line, each declared once; age is that reached during the year."""

ADULT_AGE = 18
"""Of age by law: may head a household or move out; children at home under it are minors."""

UNIT_ADULT_AGE = 20
"""From which a person is an adult in the consumption units of Statistics Sweden."""

SCHOOL_AGES = (6, 15)
"""Of those who begin grade 0 and grade 9 in the autumn: ten years of compulsory school since 2018."""

SCHOOL_LEAVING_AGE = 16
"""Of those who finish grade 9 in the spring and go on as students."""

UPPER_SECONDARY_LEAVING_AGE = 19
"""Of those who finish three years of upper secondary school; before it nobody is in the labour force."""

STUDIES_END_AGE = 25
"""From which a student is not held back by studies any more and may enter the labour force like others."""

SHORT_STUDIES_END_AGE = 22
"""From which those on the way to a long post-secondary education have a short one."""

RETIREMENT_AGES = (65, 67)
"""At which all without work and most with it retire, and at which the last do (pension law, in part)."""

EMPLOYMENT_AGES = (20, 64)
"""Those of whom Statistics Sweden states the employed as a share, both ages included."""

WORKFORCE_AGES = (20, 66)
"""Those whose number labour demand follows: all who may work, up to the year before the last retire."""

EDUCATED_AGES = (25, 64)
"""Those whose education the socio-economic index and open area statistics count, both ages included."""

YOUTH_AGES = (16, 24)
"""Those who are idle if they neither work nor study, both ages included."""

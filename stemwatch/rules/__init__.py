"""Which changes people want to hear of, and why. Pure.

`language` has the tables, `loading` reads them strictly, `contradictions` warns of rules that nothing can meet,
`subject` is what a rule may look at, `evaluating` holds one rule against one change, `ruleset` many against many.
"""

from stemwatch.rules.contradictions import Examined, examined
from stemwatch.rules.known import Known
from stemwatch.rules.language import Condition, Rule
from stemwatch.rules.loading import read_rule
from stemwatch.rules.ruleset import Match, RuleSet
from stemwatch.rules.subject import Subject, subject

__all__ = [
    "Condition",
    "Examined",
    "Known",
    "Match",
    "Rule",
    "RuleSet",
    "Subject",
    "examined",
    "read_rule",
    "subject",
]

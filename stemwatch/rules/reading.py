"""A subject as rules read it: each thing is worked out once, and only when a rule asks for it. Pure."""

from functools import cached_property
from itertools import chain

from stemwatch.matching import Document
from stemwatch.rules.subject import Subject


class Reading:
    """One subject. `values` are its fixed words by the keys of the language."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.values: dict[str, frozenset[str]] = {
            "sources": frozenset((subject.source,)),
            "jurisdictions": frozenset((subject.jurisdiction,)),
            "regulators": frozenset((subject.regulator,)),
            "kinds": frozenset((subject.kind,)),
            "stages": frozenset((subject.stage,)),
            "verbs": frozenset((subject.verb,)),
            "causes": frozenset((subject.cause,)),
            "relevance": frozenset((subject.relevance,)),
            "products": frozenset(subject.products),
            "routes": frozenset(subject.routes),
            "clinics": frozenset(subject.clinics),
        }

    @cached_property
    def document(self) -> Document:
        """What searches look at."""
        return Document(self.subject.texts)

    @cached_property
    def offered(self) -> dict[str, Document]:
        """The names that were found in the notice or stored for it, each a column of its own."""
        subject = self.subject
        names = {
            "clinics": subject.clinic_names,
            "other_names": subject.other_names,
            "people": subject.people,
            "places": subject.places,
        }
        return {key: Document(dict(zip(map(str, range(len(of))), of, strict=True))) for key, of in names.items()}

    def printed(self, key: str) -> tuple[str, ...]:
        """Where a name of this key may be printed."""
        names = self.subject.clinic_names if key == "clinics" else self.subject.people
        return (*names, *self.subject.texts.values())

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of texts and names."""
        return frozenset(chain(self.document.vocabulary, *(names.vocabulary for names in self.offered.values())))

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Every two words in a row, as one."""
        documents = (self.document, *self.offered.values())
        rows = (words for document in documents for words in document.sequences.values())
        return frozenset(chain.from_iterable(map(str.__add__, words, words[1:]) for words in rows))

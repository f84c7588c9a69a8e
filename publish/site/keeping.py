"""Answers kept while the data stands: the newest asked for, up to a number of bytes."""

from collections import OrderedDict

from publish.site.asking import Answer

MOST_BYTES = 16 * 2**20
LONGEST = 2**20


class Kept:
    """Answers by address for one state of the data, the least lately asked for going first."""

    def __init__(self) -> None:
        self._state: object = None
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._bytes = 0

    def get(self, state: object, address: str) -> Answer | None:
        """The answer that was kept for this state; another state forgets all."""
        if state != self._state:
            self._state, self._bytes = state, 0
            self._answers.clear()
        if answer := self._answers.get(address):
            self._answers.move_to_end(address)
        return answer

    def keep(self, state: object, address: str, answer: Answer) -> None:
        """Keep an answer, unless it is long or was made for a state that has passed."""
        if state != self._state or len(answer.body) > LONGEST or address in self._answers:
            return
        self._answers[address] = answer
        self._bytes += len(answer.body)
        while self._bytes > MOST_BYTES:
            _, oldest = self._answers.popitem(last=False)
            self._bytes -= len(oldest.body)

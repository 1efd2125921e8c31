"""Case numbers 案号 given out, without a gap and never twice."""

from __future__ import annotations

from datetime import date
from typing import Final

from app.court.casefile.errors import NoFreeNumber
from app.court.casefile.queries import courts as queries
from app.court.casefile.rules.case_number import LARGEST, RANDOM_FIRST, CaseNumber, Series
from app.court.casefile.rules.case_types import case_type
from app.court.casefile.service.courts import Courts
from app.kernel.unit_of_work import Tx
from app.ports.entropy import Entropy

DRAWS: Final = 20
_COUNT: Final = LARGEST - RANDOM_FIRST + 1


class CaseNumbers:
    """The numbers of cases, by court, year, special word and type (法〔2015〕137号)."""

    def __init__(self, *, courts: Courts, entropy: Entropy) -> None:
        self._courts = courts
        self._entropy = entropy

    def give(
        self, tx: Tx, *, court_code: str, accepted_on: date, type_word: str, special: str = ""
    ) -> CaseNumber:
        """Give a case its number in the caller's transaction, which gives it back if it fails.

        `accepted_on` is the day of acceptance 收案 in Beijing time; its year counts (art. 3). Take
        the number last: other cases of the series wait until the transaction ends. Raises
        `CourtUnknown`, `CaseTypeUnknown`, `CaseNumberInvalid`, `NoFreeNumber`.
        """
        court = self._courts.find(tx, code=court_code)
        series = Series(
            court_word=court.code_word,
            year=accepted_on.year,
            special=special,
            type_word=case_type(type_word).word,
        )
        if series.random:
            number = self._draw(tx, court_code=court.code, series=series)
        else:
            number = queries.next_number(tx, court_code=court.code, series=series)
        return CaseNumber(
            year=series.year,
            court_word=series.court_word,
            special=special,
            type_word=series.type_word,
            number=number,
        )

    def _draw(self, tx: Tx, *, court_code: str, series: Series) -> int:
        """Draw eight digits that nobody has (art. 10 para. 2)."""
        for _ in range(DRAWS):
            number = RANDOM_FIRST + self._entropy.below(_COUNT)
            if queries.take_drawn(tx, court_code=court_code, series=series, number=number):
                return number
        raise NoFreeNumber

"""Tables of the casefile."""

from app.court.casefile.models.cases import CaseClock, CaseEvent, CaseParty, CourtCase
from app.court.casefile.models.courts import CaseNumberSeries, Court, CourtFunction, DrawnCaseNumber
from app.court.casefile.models.materials import Material, MaterialAttachment, MaterialChunk
from app.court.casefile.models.representations import Representation

__all__ = [
    "CaseClock",
    "CaseEvent",
    "CaseNumberSeries",
    "CaseParty",
    "Court",
    "CourtCase",
    "CourtFunction",
    "DrawnCaseNumber",
    "Material",
    "MaterialAttachment",
    "MaterialChunk",
    "Representation",
]

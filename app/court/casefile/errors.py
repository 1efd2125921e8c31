"""What can go wrong in the casefile, each with its public code."""

from __future__ import annotations

from app.errors import AppError


class ClockPaused(AppError):
    """The clock stands still: until it is resumed, it has no last day."""

    code = "court.clock_paused"


class ClockGroundRefused(AppError):
    """The law does not let this clock stop, begin again or be extended on that ground."""

    code = "court.clock_ground_refused"


class ClockDaysDisordered(AppError):
    """A day lies before the one it must follow, as a resumption before its pause."""

    code = "court.clock_days_disordered"


class PeriodRefused(AppError):
    """The court's period 指定期间 is outside what the law allows."""

    code = "court.period_refused"


class CourtUnknown(AppError):
    """No court has this code."""

    code = "court.unknown"


class FunctionNotOffered(AppError):
    """The court cannot do this online; `notice` says what to do instead."""

    code = "court.function_not_offered"


class CaseNumberInvalid(AppError):
    """The text is no case number 案号, neither of 法〔2015〕137号 nor of the time before."""

    code = "court.case_number_invalid"


class CaseTypeUnknown(AppError):
    """No case type 案件类型 has this type word 类型代字."""

    code = "court.case_type_unknown"


class NoFreeNumber(AppError):
    """No free random number was found; the series is close to full, or randomness is broken."""

    code = "court.no_free_number"


class DeadlineUnknown(AppError):
    """No deadline 期限 that can be counted from a day has this number and variant."""

    code = "court.deadline_unknown"


class StageRefused(AppError):
    """A case does not go from this stage to that one."""

    code = "court.stage_refused"


class CaseUnknown(AppError):
    """No case has this id or number, or the caller may not know that it has."""

    code = "court.case_unknown"


class ActRefused(AppError):
    """The policy refuses the act; `rule` names why, `sentence` says it."""

    code = "court.act_refused"


class PartyUnknown(AppError):
    """The case has no such party 当事人."""

    code = "court.party_unknown"


class RepresentationUnknown(AppError):
    """There is no such representation, or it is not the caller's."""

    code = "court.representation_unknown"


class RepresentationClosed(AppError):
    """The representation's state allows no such step."""

    code = "court.representation_closed"


class RepresentationIncomplete(AppError):
    """What was handed in for a representation lacks something; `field` names it."""

    code = "court.representation_incomplete"


class RepresentationExists(AppError):
    """The lawyer already represents, or asked to represent, this party."""

    code = "court.representation_exists"


class TooManyAgents(AppError):
    """A party has at most two agents (民诉法 art. 61)."""

    code = "court.too_many_agents"


class PowerMissing(AppError):
    """The act needs a special power 特别授权 that the power of attorney does not give."""

    code = "court.power_missing"


class PlaceMalformed(AppError):
    """The `after` of a list is none that we gave."""

    code = "court.place_malformed"


class MaterialUnknown(AppError):
    """The caller has no material 材料 of this id."""

    code = "court.material_unknown"


class MaterialRefused(AppError):
    """A file is not taken; `why` and `advice` are sentences for the lawyer."""

    code = "court.material_refused"


class MaterialTooLarge(AppError):
    """The file is larger than its kind may be; `limit` is in bytes."""

    code = "court.material_too_large"


class TooManyMaterials(AppError):
    """The lawyer has uploaded more than anything needs, and nothing holds it."""

    code = "court.material_too_many"


class MaterialClosed(AppError):
    """The upload has ended: it is being checked, stored or refused."""

    code = "court.material_closed"


class ChunkUnfit(AppError):
    """The file has no such chunk 分片, or not of this length."""

    code = "court.chunk_unfit"


class ChunkDamaged(AppError):
    """The bytes that arrived are not those the Content-Digest names."""

    code = "court.chunk_damaged"


class ChunkDiffers(AppError):
    """Other bytes have already arrived as this chunk: it is another file."""

    code = "court.chunk_differs"


class MaterialIncomplete(AppError):
    """Chunks have not arrived; `missing` names the first of them."""

    code = "court.material_incomplete"


class MaterialHeld(AppError):
    """Something holds the material: it belongs to a filing or a case and stays."""

    code = "court.material_held"


class MaterialNotStored(AppError):
    """The material is not stored, or not yet; it cannot be read or attached."""

    code = "court.material_not_stored"

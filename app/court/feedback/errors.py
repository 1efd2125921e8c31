"""What can go wrong around ratings, suggestions, complaints and reports."""

from __future__ import annotations

from app.errors import AppError


class FeedbackIncomplete(AppError):
    """Something that was handed in is missing or does not fit; `field` names it."""

    code = "feedback.incomplete"


class TooMuchFeedback(AppError):
    """The lawyer sent more today than one person has to say."""

    code = "feedback.too_many"


class TicketUnknown(AppError):
    """There is no such ticket, or it is not for the caller to see."""

    code = "feedback.ticket_unknown"


class TicketStepRefused(AppError):
    """The ticket's state allows no such step."""

    code = "feedback.ticket_step_refused"


class ReopeningOver(AppError):
    """A complaint is reopened once, within 30 days after it was closed."""

    code = "feedback.reopening_over"


class DeedRefused(AppError):
    """This role does not do this at the desk."""

    code = "feedback.deed_refused"


class HandlerComplainedAbout(AppError):
    """The complaint is about this person: he does not deal with it."""

    code = "feedback.handler_complained_about"


class HandlerUnknown(AppError):
    """Nobody at this court has this name or id."""

    code = "feedback.handler_unknown"


class RatingClosed(AppError):
    """The case was closed more than 30 days ago: ratings of it are final."""

    code = "feedback.rating_closed"


class StageNotReached(AppError):
    """The case has not come to the stage that is to be rated."""

    code = "feedback.stage_not_reached"


class SuggestionUnknown(AppError):
    """There is no such suggestion, or it is not for the caller to see."""

    code = "feedback.suggestion_unknown"


class ReportUnknown(AppError):
    """No report has this query code, or it is not for this desk."""

    code = "feedback.report_unknown"


class ReportBoxClosed(AppError):
    """No discipline desk has given its key to this installation: reports cannot be sealed."""

    code = "feedback.report_box_closed"

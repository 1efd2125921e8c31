"""What one relying party (依赖方) demands of a presentation: raises, or returns nothing."""

from dataclasses import dataclass

from credential.errors import (
    FromFuture,
    Stale,
    StatusTooOld,
    StatusUnavailable,
    WrongAudience,
    WrongNonce,
)


@dataclass(frozen=True, slots=True)
class Policy:
    """The demands of a kiosk (鉴证终端) or service; ages and skews in seconds.

    audiences: who we are; a presentation for anybody else is refused.
    nonce: the 8 bytes shown in challenge mode; None accepts a presentation with or without one.
    max_age, max_skew: freshness, `at - max_age <= iat <= at + max_skew`, both ends included.
    require_status: refuse when no status list is given. Online services that read the live
    register instead leave it False.
    status_green, status_max: up to `status_green` a status list counts as confirmed, up to
    `status_max` the result is marked unconfirmed (amber), beyond it is refused.
    """

    audiences: frozenset[str]
    nonce: bytes | None = None
    max_age: int = 20
    max_skew: int = 10
    require_status: bool = False
    status_green: int = 4 * 3600
    status_max: int = 24 * 3600

    def check_binding(
        self, *, audience: str, presented_at: int, nonce: bytes | None, at: int
    ) -> None:
        """Freshness, audience, nonce, in this order.

        Raises `Stale`, `FromFuture`, `WrongAudience` or `WrongNonce`.
        """
        age = at - presented_at
        if age > self.max_age:
            raise Stale(f"{age} s old")
        if -age > self.max_skew:
            raise FromFuture(f"{-age} s ahead")
        if audience not in self.audiences:
            raise WrongAudience(audience)
        if self.nonce is not None and nonce != self.nonce:
            raise WrongNonce

    def check_status_age(self, *, age: int | None) -> bool:
        """Whether a status list of this age confirms (green); `None` means there is none.

        Raises `StatusUnavailable` or `StatusTooOld`.
        """
        if age is None:
            if self.require_status:
                raise StatusUnavailable
            return False
        if age > self.status_max:
            raise StatusTooOld(f"{age} s old")
        return age <= self.status_green

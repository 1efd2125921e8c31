"""收银台（演示）: where the demonstration's fees are paid. Only where ENV is not production."""

from __future__ import annotations

from typing import cast

from apiflask import APIBlueprint
from flask import current_app, render_template, request

from app.court.filing.pages import services
from app.errors import AppError
from app.http.forms import check_form, form_token
from app.ports.payment import Cashier

cashier = APIBlueprint("cashier", __name__, enable_openapi=False)


class CashierClosed(AppError):
    """There is no demonstration's cashier here."""

    code = "request.not_found"


def _cashier() -> Cashier:
    found = current_app.extensions["ports"].payment
    if found is None:
        raise CashierClosed
    return cast(Cashier, found)


@cashier.get("")
def order() -> str:
    """Show what is to be paid."""
    return _page(paid=False)


@cashier.post("")
def pay() -> str:
    """Pay, and call back: the product believes the signature alone."""
    check_form()
    desk = _cashier()
    body, signature = desk.pay(desk.shown(request.args.to_dict()))
    services().payments.take(body=body, signature=signature)
    return _page(paid=True)


def _page(*, paid: bool) -> str:
    order = _cashier().shown(request.args.to_dict())
    return render_template("cashier.html", order=order, paid=paid, form_token=form_token())

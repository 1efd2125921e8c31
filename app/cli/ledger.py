"""`python -m app.cli ledger audit`: look at everything that the ledger stores."""

from __future__ import annotations

from flask import Flask

from app.services import Services

SHOWN = 20


def audit(app: Flask) -> tuple[bool, str]:
    """Return whether all is as it was written, and what to tell."""
    services: Services = app.extensions["services"]
    with app.app_context():
        found = services.ledger.auditor.run()
    looked = f"{found.entries}条记录、{found.tiles}个散列块、{found.checkpoints}个检查点"
    if not found.findings:
        return True, f"✓ 账本自检通过：{looked}。"
    lines = [f"  {one.where}: {one.what}" for one in found.findings[:SHOWN]]
    more = len(found.findings) - len(lines)
    rest = [f"  …另有{more}处"] if more else []
    return False, "\n".join([f"✗ 账本自检发现{len(found.findings)}处不符：", *lines, *rest])

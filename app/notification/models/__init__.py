"""Tables of notification."""

from app.notification.models import channels, inbox

__all__ = ["channels", "inbox"]

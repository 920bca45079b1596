"""What can keep an action from being done; each says so in the user's language."""

from django.utils.translation import gettext as _


class ActionError(Exception):
    """Base: `status` for HTTP, `message` for people, `errors` by field."""

    status = 400
    code = "refused"

    def __init__(self, message="", errors=None):
        super().__init__(str(message))
        self.message = message
        self.errors = errors or {}


class Refused(ActionError):
    """A rule of the trade forbids it now; the message says which and what to do next."""

    status = 409


class Invalid(ActionError):
    """Input is wrong; `errors` maps a field (or "lines.2.qty") to messages."""

    status = 422
    code = "invalid"

    def __init__(self, errors):
        super().__init__(_("Please correct the marked fields."), errors)


class Forbidden(ActionError):
    """The position does not allow it."""

    status = 403
    code = "forbidden"

    def __init__(self, message=""):
        super().__init__(message or _("Your position does not allow this."))


class NotFound(ActionError):
    """No such row within what the actor may see."""

    status = 404
    code = "not_found"

    def __init__(self, message=""):
        super().__init__(message or _("There is no such record, or it is not yours to see."))


class Stale(ActionError):
    """Somebody changed the row since the page was opened."""

    status = 409
    code = "stale"

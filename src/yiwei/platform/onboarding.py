"""The first steps of a new dealer."""

KEY = "first_steps"


def begin(tenant):
    """Lead the dealer's first administrator through the first steps."""
    tenant.settings = {**tenant.settings, KEY: "open"}
    tenant.save(update_fields=["settings"])

"""Jobs of the kernel: imports, messages on their way out, late approvals."""

from procrastinate.contrib.django import app

from .exchange import run as imports


@app.task(name="kernel.load_workbook")
def load_workbook(tenant, run):
    """Load an uploaded workbook."""
    imports.work(tenant, run)

"""Channel filing: partners, filings, conflict evidence, verdicts, protection (CRM-02 to -04)."""

DEPENDS = ("crm", "catalog", "org")

"""The figures of C0 for sub-contracts: the net from the document, receipts and deliveries from the ledger."""

from dataclasses import replace

from yiwei.ledger.actions import money


def of(subs):
    """{sub-contract id: Figures}; before price review the net is the document's, afterwards both agree."""
    subs = list(subs)
    found = money.figures([s.pk for s in subs])
    return {s.pk: replace(found[s.pk], contract_net=s.net_amount) for s in subs}


def of_contract(contract):
    """Sums over the contract's sub-contracts, each computed by itself."""
    return money.total(of(contract.subs.exclude(state="cancelled")).values())

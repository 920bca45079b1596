"""One order's life through the HTTP API, from the customer to the write-off. Needs no Django: clients run it in processes of their own."""

import http.client
import json
import time
import uuid

PLAN = b"%PDF-1.4 " + b"0" * 200
PHOTO = b"\x89PNG\r\n\x1a\n" + b"0" * 200


class Api:
    """A program's connection, kept open, with one key per role."""

    def __init__(self, address, keys):
        self.line, self.keys = http.client.HTTPConnection(*address), keys
        self.actions = self.reads = 0

    def ask(self, method, who, path, body=None, kind="application/json"):
        self.line.request(method, f"/api/v1/{path}", body, {"Authorization": f"Bearer {self.keys[who]}", "Content-Type": kind})
        answer = self.line.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {text.decode()[:500]}")
        return json.loads(text)

    def get(self, who, path):
        self.reads += 1
        return self.ask("GET", who, path)

    def first(self, who, path):
        return self.get(who, path)["results"][0]["id"]

    def post(self, who, path, files=None, **data):
        self.actions += 1
        if files:
            found = self.ask("POST", who, path, *multipart(data, files))
        else:
            found = self.ask("POST", who, path, json.dumps(data))
        if "approval" in found:
            raise RuntimeError(f"{path} waits for an approval")
        return found["result"]["id"]


def multipart(data, files):
    mark = uuid.uuid4().hex
    head = f'--{mark}\r\nContent-Disposition: form-data; name='
    parts = [f'{head}"{k}"\r\n\r\n{v}\r\n'.encode() for k, v in data.items()]
    for name, content in files.items():
        parts += [f'{head}"{name}"; filename="{name}.{kind(content)[-3:]}"\r\nContent-Type: {kind(content)}\r\n\r\n'.encode(), content, b"\r\n"]
    return b"".join([*parts, f"--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"


def kind(content):
    return "application/pdf" if content.startswith(b"%PDF") else "image/png"


def cycle(api, place, mark):
    """Customer, contract with five lines, reviews, receipts, purchase, arrival, issue, delivery, write-off."""
    customer, sub, number = sell(api, place, mark)
    pay(api, place, customer, sub, "8000.00")
    api.post("guide", f"orders/subcontract/{sub}/submit")
    api.post("drawing_auditor", f"orders/subcontract/{sub}/pass_drawing")
    api.post("price_auditor", f"orders/subcontract/{sub}/pass_price")
    api.post("accountant", f"orders/subcontract/{sub}/release")
    buy(api, place, number)
    issue = deliver(api, place, sub)
    pay(api, place, customer, sub, "2000.00")
    api.post("accountant", f"stock/issue/{issue}/approve")
    owed = api.first("accountant", f"finance/receivable?q={number}")
    api.post("accountant", f"finance/receivable/{owed}/write_off")


def sell(api, place, mark):
    digits = f"{mark:08d}"
    customer = api.post("guide", "crm/customer", name=f"周敏{digits[-4:]}", phone=f"139{digits}", community="海园", address=f"1栋{mark}")
    contract = api.post("guide", "orders/contract", customer=customer, module=place["module"],
                        lines=[{"product": p, "qty": 1} for p in place["products"]])
    api.post("guide", f"orders/contract/{contract}/sign")
    head = api.get("guide", f"orders/contract/{contract}")
    found = api.get("guide", f"orders/subcontract?q={head['number']}")["results"][0]
    api.post("store_manager", "orders/designversion/new/upload", files={"file": PLAN}, house=head["house"]["id"])
    return customer, found["id"], found["number"]


def pay(api, place, customer, sub, amount):
    receipt = api.post("guide", "finance/receipt", customer=customer, type=place["type"], method=place["method"], amount=amount,
                       splits=[{"sub": sub, "amount": amount}])
    api.post("store_manager", f"finance/receipt/{receipt}/store_approve")
    api.post("accountant", f"finance/receipt/{receipt}/finance_approve")


def buy(api, place, number):
    order = api.first("purchaser", f"stock/purchaseorder?q={number}")
    api.post("purchaser", f"stock/purchaseorder/{order}/place", factory_number=f"F{order}")
    proposed = api.get("storekeeper", f"stock/purchaseorder/{order}/receive")["initial"]
    api.post("storekeeper", f"stock/purchaseorder/{order}/receive", lines=proposed["lines"])
    arrival = api.first("accountant", f"stock/arrival?q={number}")
    api.post("accountant", f"stock/arrival/{arrival}/review")


def deliver(api, place, sub):
    issue = api.post("storekeeper", "stock/issue", sub=sub)
    api.post("storekeeper", f"stock/issue/{issue}/pick")
    api.post("storekeeper", f"stock/issue/{issue}/hand_over")
    trip = api.post("dispatcher", "service/delivery", sub=sub, slot_on=place["day"], driver=place["driver"])
    for verb in ("load", "depart"):
        api.post("driver", f"service/delivery/{trip}/{verb}")
    api.post("driver", f"service/delivery/{trip}/sign", files={"photos": PHOTO}, signed_by="周敏")
    return issue


def work(address, place, first, seconds):
    """Live cycles until the time is over: (cycles, actions, reads, seconds)."""
    api, done, begin = Api(address, place["keys"]), 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        cycle(api, place, first + done)
        done += 1
    return done, api.actions, api.reads, time.perf_counter() - begin

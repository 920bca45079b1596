"""What is asked wrongly, or while something is broken, gets an answer that says so, in the shape of the asker."""

import json

import pytest
from django.test import Client

from yiwei.crm.models.customer import Customer

PROBLEM = "application/problem+json"


def test_methods_that_an_address_does_not_know_are_said(world):
    row = world.row(world.one, "here", Customer)
    base, token, client = "/api/v1/crm/customer", world.token("general_manager"), Client(raise_request_exception=False)
    for path, wrong, allowed in ((f"{base}/{row.pk}", ("put", "patch", "delete", "post"), "GET"), (base, ("put", "delete"), "GET, POST"),
                                 (f"{base}/{row.pk}/edit", ("put", "patch"), "GET, POST"), ("/api/v1/report/receipts", ("post",), "GET")):
        for method in wrong:
            answer = getattr(client, method)(path, "{}", "application/json", headers=token)
            assert answer.status_code == 405 and answer["Content-Type"] == PROBLEM and answer["Allow"].startswith(allowed), (method, path)
        assert client.head(path, headers=token).status_code in (200, 405)


@pytest.mark.parametrize("path", ["", "x", "crm/customer/1/2/3/4", "crm/nothing", "crm/customer/999999999", "crm/customer/abc/", "report/none"])
def test_addresses_that_are_none_answer_as_the_api_does(world, path):
    answer = Client(raise_request_exception=False).get(f"/api/v1/{path}", headers=world.token("general_manager"))
    body = json.loads(answer.content)
    assert answer.status_code == 404 and answer["Content-Type"] == PROBLEM and body["status"] == 404 and body["code"] and body["title"]


def test_a_mistake_of_ours_is_told_to_programs_as_a_problem(world, monkeypatch):
    monkeypatch.setattr("yiwei.kernel.screens.api.views.Page", lambda *args: 1 // 0)
    answer = Client(raise_request_exception=False).get("/api/v1/crm/customer", headers=world.token("guide"))
    assert (answer.status_code, answer["Content-Type"], answer.json()["code"]) == (500, PROBLEM, "broken")


def test_errors_have_one_shape(world):
    client = Client(raise_request_exception=False)
    asked = [client.get("/api/v1/crm/customer"), client.get("/api/v1/crm/customer", headers={"Authorization": "Bearer yw_1_x"}),
             client.post("/api/v1/crm/customer/new/create", "{", "application/json", headers=world.token("guide")),
             client.get("/api/v1/org/position", headers=world.token("guide"))]
    for answer, status in zip(asked, (401, 401, 422, 403), strict=True):
        assert (answer.status_code, answer["Content-Type"], answer.json()["status"]) == (status, PROBLEM, status)


def test_a_form_from_elsewhere_is_refused_on_a_page_of_the_house(world):
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "x"}, headers={"accept-language": "zh-hans"})
    text = answer.content.decode()
    assert answer.status_code == 403 and "浏览器" in text and "verification" not in text


def test_a_request_that_cannot_be_taken_apart_is_refused_in_words(world):
    row = world.row(world.one, "here", Customer)
    name = "\U0001f600" * 300
    body = (f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\r\n--x--\r\n')
    client = world.client("guide")
    answer = client.post(f"/r/crm/customer/{row.pk}/upload/", body.encode(), "multipart/form-data; boundary=x", headers={"accept-language": "en"})
    assert answer.status_code in (302, 400)
    assert answer.status_code == 302 or "shorter name" in answer.content.decode()


def test_pages_may_load_nothing_that_stands_in_them_and_ask_for_little(world):
    answer = world.client("guide").get("/todo/")
    assert "unsafe-inline" not in answer["Content-Security-Policy"] and "style-src 'self'" in answer["Content-Security-Policy"]
    assert "microphone=()" in answer["Permissions-Policy"] and "camera=(self)" in answer["Permissions-Policy"]

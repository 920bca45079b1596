"""Addresses of the kernel. Registers and reports need none of their own."""

from django.urls import include, path
from django.views.i18n import set_language

from yiwei.kernel.signin import account, security
from yiwei.kernel.signin.middleware import stranger

from . import files, home
from .api import views as api
from .exchange import views as exchange
from .paper import views as papers
from .registers import bulk, lists, views
from .reports import views as reports
from .shell import find

register = [
    path("", lists.listing, name="register-list"),
    path("new/<slug:verb>/", views.new, name="register-new"),
    path("new/<slug:verb>/pick/<str:field>/", views.offered, name="register-new-pick"),
    path("pick/", views.pick, name="register-pick"),
    path("totals/", lists.totals_row, name="register-totals"),
    path("export/", exchange.export, name="register-export"),
    path("paper/", papers.listing, name="register-list-paper"),
    path("import/", exchange.upload, name="register-import"),
    path("template/", exchange.template, name="register-template"),
    path("board/", lists.board, name="register-board"),
    path("view/", lists.save_view, name="register-view"),
    path("bulk/<slug:verb>/", bulk.bulk, name="register-bulk"),
    path("<int:pk>/", views.detail, name="register-detail"),
    path("<int:pk>/do/<slug:verb>/", views.act, name="register-act"),
    path("<int:pk>/do/<slug:verb>/pick/<str:field>/", views.offered, name="register-act-pick"),
    path("<int:pk>/paper/<slug:name>/", papers.paper, name="register-paper"),
    path("<int:pk>/comment/", views.comment, name="register-comment"),
    path("<int:pk>/upload/", files.upload, name="register-upload"),
    path("<int:pk>/reveal/<slug:field>/", views.reveal, name="register-reveal"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("todo/", home.todo, name="todo"),
    path("search/", find.find, name="search"),
    path("notifications/", home.notifications, name="notifications"),
    path("notifications/<int:pk>/", home.notification, name="notification"),
    path("notifications/read/", home.read_all, name="notifications-read"),
    path("sign-in/", account.signin, name="signin"),
    path("sign-in/code/", account.signin_code, name="signin-code"),
    path("password/forgotten/", account.forgotten, name="password-forgotten"),
    path("password/code/", account.forgotten_code, name="password-code"),
    path("sign-out/", account.signout, name="signout"),
    path("security/", security.security, name="security"),
    path("security/two-step/new/", security.two_step_start, name="two-step-start"),
    path("security/two-step/on/", security.two_step_on, name="two-step-on"),
    path("security/two-step/off/", security.two_step_off, name="two-step-off"),
    path("security/sessions/end/", security.end_others, name="sessions-end"),
    path("security/sessions/<int:pk>/end/", security.end_session, name="session-end"),
    path("password/", account.password, name="password"),
    path("language/", stranger(set_language), name="set_language"),
    path("file/<str:token>/", files.serve, name="file"),
    path("imports/<int:pk>/", exchange.progress, name="import-run"),
    path("imports/<int:pk>/load/", exchange.load, name="import-load"),
    path("imports/<int:pk>/cancel/", exchange.cancel, name="import-cancel"),
    path("imports/<int:pk>/refused/", exchange.refused, name="import-refused"),
    path("report/<slug:slug>/", reports.show, name="report"),
    path("report/<slug:slug>/paper/", papers.report, name="report-paper"),
    path("report/<slug:slug>/export/", reports.export, name="report-export"),
    path("api/v1/", include(api.urlpatterns)),
    path("r/<slug:room>/<slug:slug>/", include(register)),
]

"""Django's settings, from the environment (see docs/operation.md for the variables)."""

import os

import environ
from django.utils.translation import gettext_lazy as _

from yiwei.ops import database, paths, rooms

env = environ.Env()

DEBUG = env.bool("YIWEI_DEBUG", default=False)
TESTING = env.bool("YIWEI_TESTING", default=False)
SECRET_KEY = env.str("YIWEI_SECRET_KEY", default="") or paths.secret("django_secret_key", 64)
ALLOWED_HOSTS = env.list("YIWEI_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("YIWEI_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("YIWEI_HTTPS", default=False)

# -- rooms: all that are there, each after those it stands on -------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    *[f"yiwei.{room}" for room in rooms.in_order()],
]
AUTH_USER_MODEL = "org.User"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "yiwei.kernel.signin.middleware.Shell",
]

ROOT_URLCONF = "yiwei.config.urls"
WSGI_APPLICATION = "yiwei.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "yiwei.kernel.screens.shell.context.shell",
            ]
        },
    }
]

# -- database: the app role, unless the launcher asks for the owner (migrations, backup) ----------

_as_owner = env.str("YIWEI_DB_ROLE", default="app") == "owner"
DATABASES = {
    "default": {
        **database.django_settings(database.owner_dsn() if _as_owner else database.app_dsn()),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
    }
}
DATABASES["default"]["OPTIONS"] |= {"application_name": "yiwei-owner" if _as_owner else "yiwei"}
if not _as_owner:
    DATABASES["default"]["ENGINE"] = "yiwei.kernel.base.postgres"
    DATABASES["default"]["OPTIONS"]["server_side_binding"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
YIWEI_APP_ROLE = database.app_role()
YIWEI_OWNER_ROLE = database.owner_role()

# -- sign-in and security ------------------------------------------------------------------------

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
_validators = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validators}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_validators}.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": f"{_validators}.CommonPasswordValidator"},
    {"NAME": f"{_validators}.NumericPasswordValidator"},
]
LOGIN_URL = "/sign-in/"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "yiwei_session"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "yiwei_csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "yiwei.kernel.signin.middleware.not_sent_here"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
YIWEI_LARGEST_REQUEST = env.int("YIWEI_LARGEST_REQUEST", default=256 * 2**20)
YIWEI_PROXIES = env.list("YIWEI_PROXIES", default=["127.0.0.1", "::1"] if HTTPS else [])  # whose word for an address is taken
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20

# -- language and time ---------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("zh-hant", _("Traditional Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "yiwei_language"

# -- files ---------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = paths.ROOT / "static_root"
MEDIA_ROOT = paths.var("files")
FONTS_ROOT = paths.var("fonts")  # further fonts for paper, beside those of the house
MEDIA_URL = "/media/"  # nothing is served from here: files go out through views that check
_manifest = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _plain if DEBUG or TESTING else _manifest},
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# -- messages out, and the log -------------------------------------------------------------------

EMAIL_BACKEND = env.str("YIWEI_EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")
DEFAULT_FROM_EMAIL = env.str("YIWEI_EMAIL_FROM", default="yiwei@localhost")
YIWEI_GATEWAYS = {"sms": env.str("YIWEI_SMS_URL", default=""), "wechat": env.str("YIWEI_WECHAT_URL", default="")}
YIWEI_GATEWAY_SECRET = env.str("YIWEI_GATEWAY_SECRET", default="") or paths.secret("gateway", 32)
YIWEI_WEBHOOK_PRIVATE = env.bool("YIWEI_WEBHOOK_PRIVATE", default=TESTING)  # may webhooks go to addresses inside the house?
YIWEI_LIVE_URL = env.str("YIWEI_LIVE_URL", default="")  # where pages listen for messages; see kernel/work/live
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("YIWEI_LOG_LEVEL", default="WARNING")},
    "loggers": {
        "yiwei": {"level": env.str("YIWEI_LOG_LEVEL", default="INFO")},
        "procrastinate": {"level": "WARNING"},
    },
}

os.environ.setdefault("PGTZ", "UTC")

# -- what the kernel asks of the rooms ------------------------------------------------------------

KERNEL_MEMBER_MODEL = "org.Employee"
KERNEL_OUTLET_MODEL = "org.Outlet"
KERNEL_DIRECTORY = "yiwei.org.hooks.directory"
KERNEL_SESSION_OPEN = "org_session_open"  # the database's function that says whether a session is open

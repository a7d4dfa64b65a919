"""All settings, read once from the environment. `docs/operating.md` explains each."""

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _
from environs import Env

from piiri.config import folder

env = Env()
DATA = folder.data_folder()
DEMO = env.bool("PIIRI_DEMO", False)
TESTING = env.bool("PIIRI_TESTING", False)
DEBUG = False

# Before the solver is first imported: what it compiles is kept beside the data.
os.environ.setdefault("NUMBA_CACHE_DIR", str(DATA / "numba"))

ORIGIN = env.str("PIIRI_ORIGIN", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = [urlsplit(ORIGIN).hostname or "127.0.0.1", *env.list("PIIRI_HOSTS", [])]
CSRF_TRUSTED_ORIGINS = [ORIGIN]
SECURE = ORIGIN.startswith("https://")

# Requests answered at once by one web process, and how many may be inside before people are asked to wait.
THREADS = env.int("PIIRI_THREADS", 4)
MOST_WAITING = env.int("PIIRI_MOST_WAITING", 1000)
MAILS_A_NETWORK = env.int("PIIRI_MAILS_A_NETWORK", 3000)

CLOCK_FILE = env.str("PIIRI_CLOCK_FILE", "") if DEMO or TESTING else ""


def read_secret(path: Path) -> str:
    """The signing key of this installation; a throw-away one where none has been set up."""
    return path.read_text().strip() if path.exists() else secrets.token_urlsafe(50)


SECRET_KEY = read_secret(folder.secret_key_file())
MASTER_KEY_FILE = folder.master_key_file()

SQLITE = {
    "ENGINE": "piiri.base.sqlite3",
    "CONN_MAX_AGE": None,
    "OPTIONS": {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        " PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;",
    },
}


def database(variable: str, file: str) -> dict[str, object]:
    """A SQLite file in the data folder, or what a postgres:// address in `variable` names."""
    address = env.str(variable, "")
    if not address:
        return {**SQLITE, "NAME": str(DATA / file)}
    url = urlsplit(address)
    return {
        "ENGINE": "piiri.base.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or "",
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c jit=off", "prepare_threshold": 5},
    }


DATABASES = {
    "default": database("PIIRI_DATABASE", "piiri.sqlite3"),
    "vault": database("PIIRI_VAULT_DATABASE", "vault.sqlite3"),
}
DATABASE_ROUTERS = ["piiri.config.routers.KeysApart"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOMS = [
    "base",
    "audit",
    "vault",
    "mail",
    "people",
    "networks",
    "methods",
    "programmes",
    "groups",
    "enrolments",
    "formation",
    "agreements",
    "meetings",
    "notes",
    "hours",
    "home",
    "desk",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    *(f"piiri.{room}" for room in ROOMS),
    "django.forms",  # after base, whose field template comes first
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "piiri.base.middleware.security_headers",
    "piiri.base.middleware.answer_what_is_kept",
    "piiri.base.middleware.limit_bodies",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "piiri.people.middleware.speak_the_readers_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "piiri.base.middleware.answer_refusals",
]
ROOT_URLCONF = "piiri.config.urls"
WSGI_APPLICATION = "piiri.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["piiri.base.templatetags.ui", "django.templatetags.i18n"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "piiri.desk.views.shell.office_link",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CSRF_FAILURE_VIEW = "piiri.base.views.stale_form"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["piiri.people.backends.ByCode"]
SESSION_ENGINE = "piiri.people.sessions"
LOGIN_URL = "people:sign-in"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_SSL_REDIRECT = False
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # the proxy that ends TLS redirects
BEHIND_PROXY = env.bool("PIIRI_BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

LANGUAGE_CODE = "en"
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [Path(__file__).resolve().parents[2] / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Helsinki"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if DEMO else 60 * 60 * 24


def smtp(address: str) -> tuple[str, int, str, str, bool, bool]:
    """Host, port, name, password, STARTTLS?, TLS? of smtp://, starttls:// or smtps://name:password@host:port."""
    url = urlsplit(address)
    port = url.port or {"smtps": 465, "starttls": 587}.get(url.scheme, 25)
    secret = unquote(url.username or ""), unquote(url.password or "")
    return url.hostname or "", port, *secret, url.scheme == "starttls", url.scheme == "smtps"


EMAIL_URL = env.str("PIIRI_SMTP", "")
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_USE_TLS, EMAIL_USE_SSL = smtp(EMAIL_URL)
EMAIL_TIMEOUT = 20
MAIL_FROM = env.str("PIIRI_MAIL_FROM", "Piiri <piiri@localhost>")

LOGGING_CONFIG = None
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

"""Settings, all from the environment; `.env.example` names each with its meaning.

Modes: `demo` (what `make run` starts: fictional school, tour, second factor not forced), `production` (the default,
refuses to start in an unsafe state) and `test`.
"""

import sys
from pathlib import Path

from environs import Env

from teduh.site.secrets import load_secret_key

BASE_DIR = Path(__file__).resolve().parents[2]
env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)

MODE: str = env.str("TEDUH_MODE", "production")
if MODE not in {"demo", "production", "test"}:
    raise RuntimeError(f"TEDUH_MODE must be demo, production or test, not {MODE!r}")
DEMO = MODE == "demo"
DEBUG: bool = env.bool("TEDUH_DEBUG", False)
DATA_DIR: Path = env.path("TEDUH_DATA_DIR", BASE_DIR / "data")
DATA_DIR.mkdir(parents=True, exist_ok=True)

SECRET_KEY_FILE = DATA_DIR / "secret.key"
SECRET_KEY = load_secret_key(env.str("TEDUH_SECRET_KEY", ""), SECRET_KEY_FILE, create=MODE != "production")
ROOT_KEY: str = env.str("TEDUH_ROOT_KEY", "")
ROOT_KEY_FILE: Path = env.path("TEDUH_ROOT_KEY_FILE", DATA_DIR / "keys" / "root.key")
PREVIOUS_ROOT_KEY: str = env.str("TEDUH_PREVIOUS_ROOT_KEY", "")
AUDIT_ANCHOR_FILE: Path = env.path("TEDUH_AUDIT_ANCHOR", DATA_DIR / "anchor" / "audit.anchor")
ERASURE_LEDGER_FILE: Path = env.path("TEDUH_ERASURE_LEDGER", DATA_DIR / "anchor" / "erasure.ledger")

ALLOWED_HOSTS: list[str] = env.list("TEDUH_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("TEDUH_TRUSTED_ORIGINS", [])
HTTPS: bool = env.bool("TEDUH_HTTPS", MODE == "production")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "servestatic.runserver_nostatic",
    "django.contrib.staticfiles",
    "teduh.site",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "teduh.kernel",
    "teduh.people",
    "teduh.messaging",
    "teduh.measures",
    "teduh.scheduling",
    "teduh.care",
    "teduh.peers",
    "teduh.counselling",
    "teduh.psychosocial",
    "teduh.community",
    "teduh.insight",
]

MIDDLEWARE = [
    "teduh.kernel.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "teduh.site.static_files.StaticFilesMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "teduh.people.middleware.ActorMiddleware",
    "teduh.people.middleware.HouseRulesMiddleware",
]

ROOT_URLCONF = "teduh.site.urls"
WSGI_APPLICATION = "teduh.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "teduh.site.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    },
]

# SQLite: write-ahead log, one writer at a time from the start of a transaction, flushed to disk before anything is
# acknowledged, and freed pages overwritten so that deleted content does not linger in the file.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
        "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;"
    ),
}
# Connections are kept for a minute: opening one costs more than most queries, on SQLite too.
DATABASES = {
    "default": env.dj_db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'teduh.sqlite3'}", conn_max_age=60)
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL: str = env.str("TEDUH_REDIS_URL", "")

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["teduh.people.backend.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
# How many proxies stand in front: the gateway, or the reverse proxy. Needed to tell networks apart at log-in.
ALLAUTH_TRUSTED_PROXY_COUNT: int = env.int("TEDUH_TRUSTED_PROXIES", 0 if MODE == "test" else 1)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "landing"
ACCOUNT_ADAPTER = "teduh.people.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "teduh.people.web.login_forms.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = False
# allauth's own limits lock by address; a school shares one. Ours delay by (account, device, network) instead.
ACCOUNT_RATE_LIMITS = {"login": False, "login_failed": False}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Teduh"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_ADAPTER = "teduh.people.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "teduh.people.web.login_forms.CodeForm",
    "reauthenticate": "teduh.people.web.login_forms.CodeAgainForm",
}

SESSION_ENGINE = "teduh.people.session_store"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "teduh.site.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS and env.bool("TEDUH_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
USE_I18N = True
FORMAT_MODULE_PATH = ["teduh.site.formats"]
USE_TZ = True
TIME_ZONE = env.str("TEDUH_TIME_ZONE", "Asia/Jakarta")

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if MODE == "test"
            else "servestatic.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
SERVESTATIC_USE_FINDERS = MODE == "test" or DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

EMAIL_BACKEND = env.str("TEDUH_EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
DEFAULT_FROM_EMAIL = env.str("TEDUH_FROM_EMAIL", "teduh@localhost")

# Where the exit button leads: a page that anyone may have open.
EXIT_URL: str = env.str("TEDUH_EXIT_URL", "https://id.wikipedia.org/")
IDLE_MINUTES_STUDENT: int = env.int("TEDUH_IDLE_MINUTES_STUDENT", 10)
IDLE_MINUTES_STAFF: int = env.int("TEDUH_IDLE_MINUTES_STAFF", 20)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "teduh.kernel.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("TEDUH_LOG_LEVEL", "INFO")},
    "loggers": {"httpx": {"level": "WARNING"}, "httpcore": {"level": "WARNING"}},
}

if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

"""Django's settings, from the environment and the installation's home.

Everything a deployment sets is an environment variable named ``MUTUAL_…`` (or ``DATABASE_URL``);
docs/reference/settings.md lists them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from mutual.base import database, languages
from mutual.base.home import secret

PACKAGE = Path(__file__).resolve().parent.parent
DEMO = os.environ.get("MUTUAL_DEMO") == "1"
DEBUG = False
SECRET_KEY = secret("django", size=48).hex()
ALLOWED_HOSTS = os.environ.get("MUTUAL_HOSTS", "localhost,.localhost,127.0.0.1").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("MUTUAL_ORIGINS", "").split(",") if o]

ROOMS = [
    "base", "wall", "people", "privacy", "episode", "plan", "measures", "coverage", "week",
    "record", "room", "daily", "claims", "outcomes", "website", "portal", "staff", "interop",
]  # fmt: skip

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "channels",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    *(f"mutual.{room}" for room in ROOMS),
    *(["mutual.entry.demo"] if DEMO else []),
]

MIDDLEWARE = [
    # Outermost: redirects, errors and static files carry these headers, too.
    "mutual.base.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "mutual.base.statics.StaticsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "mutual.base.speaking.SpokenMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "mutual.wall.web.ActorMiddleware",
    "mutual.people.idle.IdleMiddleware",
    "mutual.people.second_factor.SecondFactorMiddleware",
    "mutual.wall.live_page.LiveMiddleware",
]

ROOT_URLCONF = "mutual.entry.urls"
ASGI_APPLICATION = "mutual.entry.asgi.application"
WSGI_APPLICATION = None
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["mutual.people.backend.Backend"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES: dict[str, dict[str, Any]] = {
    "default": database.settings(os.environ.get("MUTUAL_ROLE", database.APP))
}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Ahead of the packages' own: the sign-in pages wear our shells.
        "DIRS": [PACKAGE / "people" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mutual.base.context.interface",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "mutual.base.templatetags.kit",
                "mutual.privacy.templatetags.reading",
            ],
        },
    }
]
FORM_RENDERER = "mutual.base.forms.Renderer"

CHANNEL_LAYERS: dict[str, Any] = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
if os.environ.get("MUTUAL_VALKEY_URL"):
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [os.environ["MUTUAL_VALKEY_URL"]]},
        }
    }

# Languages, time: dates are shown in the reader's own zone, never in the server's.
LANGUAGE_CODE = "en"
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGES = languages.offered(PACKAGE / "locale")
FORMAT_MODULE_PATH = "mutual.base.formats"
USE_I18N = True
USE_TZ = True
PROGRAMME_ZONE = os.environ.get("MUTUAL_PROGRAMME_ZONE", "America/Chicago")
# A day without a reader is the programme's: a team, a stay, a card begin and end with it.
TIME_ZONE = PROGRAMME_ZONE
# Where people are told "call us": shown on every page of signing in, and on the public site.
PROGRAMME_PHONE = os.environ.get("MUTUAL_PROGRAMME_PHONE", "512-555-0100" if DEMO else "")
PROGRAMME_NAME = os.environ.get("MUTUAL_PROGRAMME_NAME", "Mutual")
# What the couples therapist may do with words said alone (P-12): see privacy/rules.py.
COUPLE_CONFIDENCES = os.environ.get("MUTUAL_COUPLE_CONFIDENCES", "share_at_discretion")

# Served from the packages themselves: nothing is collected into a folder first.
STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "mutual.base.statics.Statics"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

# Sign-in: passkey or TOTP for everyone (P-82, P-83).
SITE_ID = None
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/home/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_ADAPTER = "mutual.people.adapter.AccountAdapter"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# No "remember me": a sign-in ends with the browser, on whosever device it was (P-61, P-84).
ACCOUNT_SESSION_REMEMBER = False
# Where tries come from slows them, never the address they point to: people/throttle.py (P-32).
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None, "reset_password": "20/m/ip"}
ACCOUNT_FORMS = {
    "login": "mutual.people.factor_forms.SignInForm",
    "change_password": "mutual.people.factor_forms.ChangeForm",
    "reset_password": "mutual.people.factor_forms.ResetForm",
    "reset_password_from_key": "mutual.people.factor_forms.CodedResetForm",
}
_TOKENS = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105  # nosec B105
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = _TOKENS
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("MUTUAL_PROXIES", "0"))
MFA_FORMS = {
    "authenticate": "mutual.people.factor_forms.CodeForm",
    "reauthenticate": "mutual.people.factor_forms.RecheckForm",
    "add_webauthn": "mutual.people.factor_forms.KeyForm",
}
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ADAPTER = "mutual.people.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Mutual"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "mutual.base.errors.csrf_failure"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# A screen of staff locks after so many idle minutes, 15 at most; a person's after 15 (P-84).
STAFF_LOCK_MINUTES = int(os.environ.get("MUTUAL_STAFF_LOCK_MINUTES", "10"))

SECURE = os.environ.get("MUTUAL_HTTPS", "0" if DEMO else "1") == "1"
# Browsers ask for passkeys without TLS at localhost alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 63_072_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
# Not "no-referrer": under it browsers post "Origin: null", and every form would be refused.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# One file at a time, in memory alone: no temporary file of somebody's insurer on a disk.
FILE_UPLOAD_HANDLERS = ["mutual.base.uploads.InMemory"]
DATA_UPLOAD_MAX_NUMBER_FILES = 1
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "media-src": ["'self'", "blob:"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# Mail: a real SMTP server in production; the demo keeps it for /demo/mail.
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("MUTUAL_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("MUTUAL_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("MUTUAL_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("MUTUAL_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("MUTUAL_SMTP_TLS", "0") == "1"
DEFAULT_FROM_EMAIL = os.environ.get("MUTUAL_MAIL_FROM", "Mutual <updates@mutual.example>")
# Text messages: a gateway in production (base/sms.py); the demo keeps them beside the mail.
SMS_ADAPTER = "mutual.base.sms.over_http"
SMS_URL = os.environ.get("MUTUAL_SMS_URL", "")
SMS_TOKEN = os.environ.get("MUTUAL_SMS_TOKEN", "")
if DEMO:
    SMS_ADAPTER = "mutual.entry.demo.mail.keep_text"
    EMAIL_BACKEND = "mutual.entry.demo.mail.DemoBackend"

# Logs carry request ids and nothing of a person (P-62).
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"neutral": {"()": "mutual.base.logs.Neutral"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["neutral"],
        }
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("MUTUAL_LOG", "WARNING")},
}

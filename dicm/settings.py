"""All settings in one file; what differs between machines comes from the environment."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from dicm import openid

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = BASE_DIR / ".dicm"


def switched(name: str, default: str) -> bool:
    return os.environ.get(name, default).lower() in {"1", "on", "true", "yes"}


# Where the service answers: the public site at the base domain, each territory one label below it.
DICM_BASE_DOMAIN = os.environ.get("DICM_BASE_DOMAIN", "dicm.localhost")
DICM_SCHEME = os.environ.get("DICM_SCHEME", "http")
PORT = os.environ.get("PORT", "8000")
DICM_LOCAL = DICM_BASE_DOMAIN.endswith("localhost")
DICM_ORIGIN_SUFFIX = f":{PORT}" if DICM_LOCAL else ""
DICM_PUBLIC_URL = f"{DICM_SCHEME}://{DICM_BASE_DOMAIN}{DICM_ORIGIN_SUFFIX}"

DEBUG = switched("DEBUG", "off")
# Generated keys sign nothing that outlives a local run; anywhere else a key must be given.
SECRET_KEY = os.environ.get("SECRET_KEY") or ("local-" + "dicm" * 16 if DICM_LOCAL else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        f"Give a long random SECRET_KEY in the environment: without one, sessions at {DICM_BASE_DOMAIN} could be forged."
    )
ALLOWED_HOSTS = [DICM_BASE_DOMAIN, f".{DICM_BASE_DOMAIN}"]

SHARED_APPS = [
    # Before django_tenants, whose own templates of the admin carry inline styles.
    "django.contrib.admin",
    "django_tenants",
    "territories",
    "territories.journal",
    "territories.notices",
    "territories.people",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "dicm",
]
TENANT_APPS = [
    "territories.journal",
    "territories.notices",
    "community",
    "research",
    "spo.tenders",
    "spo.orders",
    "spo.scoring",
    "spo.contracts",
    "spo.delivery",
    "spo.reports",
]
INSTALLED_APPS = SHARED_APPS + [app for app in TENANT_APPS if app not in SHARED_APPS]
TENANT_MODEL = "territories.Territory"
TENANT_DOMAIN_MODEL = "territories.Domain"
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
PUBLIC_SCHEMA_URLCONF = "dicm.urls_public"
ROOT_URLCONF = "dicm.urls"

MIDDLEWARE = [
    "territories.middleware.TerritoryMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "territories.middleware.HeadersMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "territories.sessions.IdleMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "territories.middleware.RefusalMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # The second holds those that allauth asks for by names of its own.
        "DIRS": [BASE_DIR / "templates", BASE_DIR / "templates" / "people"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "territories.context.site",
                "dicm.navigation.navigation",
            ],
            "builtins": [
                "territories.pages.templatetags.components",
                "territories.pages.templatetags.govuk",
                "territories.pages.templatetags.words",
                "territories.templatetags.acts",
            ],
        },
    }
]
FORM_RENDERER = "territories.pages.renderer.Renderer"

# DATABASE_URL: postgresql://user:password@host/name, or …?host=/folder/of/a/socket
_database = conninfo_to_dict(os.environ.get("DATABASE_URL", "postgresql://localhost/dicm"))
DATABASES: dict[str, dict] = {
    "default": {
        "ENGINE": "dicm.postgres",
        "NAME": _database.pop("dbname", "dicm"),
        "USER": _database.pop("user", ""),
        "PASSWORD": _database.pop("password", ""),
        "HOST": _database.pop("host", ""),
        "PORT": str(_database.pop("port", "")),
        # A server that is away is one within seconds, not when the kernel gives up.
        "OPTIONS": {"connect_timeout": 3, "tcp_user_timeout": 30_000} | _database,
    }
}
# How many requests a web process answers at once, on a connection each that it keeps (dicm/postgres/pool.py).
DICM_WEB_AT_ONCE = int(os.environ.get("DICM_WEB_AT_ONCE", "16"))
DICM_DB_POOL = switched("DICM_DB_POOL", "on")
# How many web processes share the database, on all machines; WEB_CONCURRENCY is uvicorn's for those of one.
DICM_WEB_PROCESSES = int(os.environ.get("DICM_WEB_PROCESSES") or os.environ.get("WEB_CONCURRENCY") or 1)
# A role for each territory: off only where a database can't have roles (see docs/architecture.md).
DICM_ROLES = switched("DICM_ROLES", "on")
# With it, founding makes a login that owns nothing, for web and worker processes (territories/login.py).
DICM_SERVICE_PASSWORD = os.environ.get("DICM_SERVICE_PASSWORD", "")
TENANT_LIMIT_SET_CALLS = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "redis://localhost:6379/0")
# How long a page waits for Valkey before it goes on without.
VALKEY_SECONDS = 1
CACHES: dict[str, dict] = {
    "default": {
        "BACKEND": "dicm.cache.Cache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "django_tenants.cache.make_key",
    },
    "hosts": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "TIMEOUT": 60},
}

CELERY_BROKER_URL = REDIS_URL
# An act queues its task, or goes on without (territories/tasks.py): once more at once, then it is left to the sweep.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1}
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_keepalive": True,
    "socket_connect_timeout": VALKEY_SECONDS,
    "socket_timeout": 2 * VALKEY_SECONDS,
    # A worker whose connection died without a word finds out within about twenty seconds.
    "health_check_interval": 10,
    **CELERY_TASK_PUBLISH_RETRY_POLICY,
}
# A worker looks for its broker for as long as it takes.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "spo.reports.tasks.*": {"queue": "reports"},
    "territories.notices.tasks.*": {"queue": "letters"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# How long what a lost task left stays undone; a sweep that nobody had time for is followed by the next.
SWEEP_SECONDS = 10
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "dicm.celery.sweep_territories",
        "schedule": float(SWEEP_SECONDS),
        "options": {"expires": SWEEP_SECONDS},
    },
    "seal": {"task": "dicm.celery.seal_journals", "schedule": 3600.0},
}
CELERY_TIMEZONE = "Europe/London"

AUTH_USER_MODEL = "territories.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# The first hashes; the second still reads what was hashed by it.
PASSWORD_HASHERS = ["dicm.hashers.Hasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in [
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    ]
]
LOGIN_URL = f"{DICM_PUBLIC_URL}/accounts/login/"
LOGIN_REDIRECT_URL = "your_territories"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "territories.people.signing_in.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "DICM: "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = DICM_SCHEME
# Who forgot a password learns nothing about who has an account, and nobody is invited to make one.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Whoever finds an open session can't take the account over: that asks again, and tells the owner.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# How often, by address (ip), by what was typed (key) or by person (user); counted in the cache.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "confirm_email": "1/3m/key",
    "join": "20/h/ip",
    "invite": "30/h/user",
}
# How many proxies of ours stand in front: the address that limits count by is taken from the last of them.
# Without one nobody is believed about addresses and schemes, whatever their headers say.
DICM_PROXIES = os.environ.get("DICM_PROXIES") or str(int(DICM_SCHEME == "https"))
if not (DICM_PROXIES.isascii() and DICM_PROXIES.isdigit()):
    raise ImproperlyConfigured(f"DICM_PROXIES is a number of proxies, such as 1, not “{DICM_PROXIES}”.")
ALLAUTH_TRUSTED_PROXY_COUNT = int(DICM_PROXIES)

# Identity providers of forces and councils, as JSON (README.md); without it people sign in by password or passkey.
SOCIALACCOUNT_PROVIDERS = openid.providers(os.environ.get("DICM_OPENID", ""), local=DICM_LOCAL)
SOCIALACCOUNT_ADAPTER = "territories.people.openid.adapter.OpenIDAdapter"

# A second factor for whoever scores, signs or leads (territories/access.py); off is for demonstrations.
DICM_MFA_REQUIRED = switched("DICM_MFA_REQUIRED", "on")
MFA_ADAPTER = "territories.people.signing_in.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "DICM"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "add_webauthn": "territories.people.signing_in.forms.AddPasskeyForm",
    "authenticate_webauthn": "territories.people.signing_in.forms.PasskeyForm",
    "edit_webauthn": "territories.people.signing_in.forms.RenamePasskeyForm",
    "login_webauthn": "territories.people.signing_in.forms.PasskeyAloneForm",
    "reauthenticate_webauthn": "territories.people.signing_in.forms.PasskeyAgainForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "10/m/ip"}
# Browsers take *.localhost for a secure origin; the library has to be told.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DICM_LOCAL
# Where somebody who found a weakness writes to: an address of mail or a page.
DICM_SECURITY_CONTACT = os.environ.get("DICM_SECURITY_CONTACT") or f"mailto:security@{DICM_BASE_DOMAIN}"

# References of tenders and contracts from which retention takes nothing (territories/people/data/retention.py).
DICM_LEGAL_HOLD = os.environ.get("DICM_LEGAL_HOLD", "").replace(",", " ").split()

# People sign in once, on the public site; the territories below it see the same session.
SESSION_ENGINE = "territories.cookies"
SESSION_COOKIE_DOMAIN = DICM_BASE_DOMAIN
MESSAGE_STORAGE = "territories.cookies.HostMessages"
# A sign-in ends after half an hour without a visit, and after twelve hours in any case. Its row is remembered
# for longer, so that what somebody sends afterwards is kept for them (territories/sessions.py).
DICM_IDLE_SECONDS = int(os.environ.get("DICM_IDLE_MINUTES", "30")) * 60
DICM_SIGN_IN_SECONDS = 60 * 60 * 12
SESSION_COOKIE_AGE = 60 * 60 * 24 * 7
# However one signed in: allauth says it of passwords alone.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = DICM_SCHEME == "https"
LANGUAGE_COOKIE_DOMAIN = DICM_BASE_DOMAIN
CSRF_COOKIE_HTTPONLY = True
if DICM_SCHEME == "https":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(health|ready)/$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF, DICM_PUBLIC_URL, DICM_PUBLIC_URL.replace("://", "://*.")],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
}

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English")), ("cy", _("Welsh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Europe/London"

STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("DICM_STATIC_ROOT", LOCAL_DIR / "static")
STATICFILES_DIRS = [("ui", BASE_DIR / "static" / "dist")]
MEDIA_ROOT = Path(os.environ.get("DICM_MEDIA_ROOT", LOCAL_DIR / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What is collected is for whoever serves it, not only for whoever collected it.
    "staticfiles": {"BACKEND": "dicm.static.Storage", "OPTIONS": {"file_permissions_mode": 0o644}},
}
# Uploads: evidence of deliveries. Larger bodies are refused before they are read into memory.
EVIDENCE_MAX_BYTES = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

# EMAIL_URL: smtp://user:password@host:587 (or smtps://…); without it mail is printed, on one's own machine kept as files.
_mail = urlsplit(os.environ.get("EMAIL_URL", ""))
if _mail.scheme.startswith("smtp"):
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": _mail.hostname,
                "port": _mail.port or 587,
                "username": _mail.username or "",
                "password": _mail.password or "",
                "use_ssl": _mail.scheme == "smtps",
                "use_tls": _mail.scheme == "smtp",
                "timeout": 10,
            },
        }
    }
elif DICM_LOCAL:
    MAILERS = {
        "default": {
            "BACKEND": "dicm.letters.EmailBackend",
            "OPTIONS": {"file_path": MEDIA_ROOT.parent / "mail"},
        }
    }
else:
    raise ImproperlyConfigured("Set EMAIL_URL: without it, links that reset passwords would go nowhere.")
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", f"DICM <no-reply@{DICM_BASE_DOMAIN}>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {name: {"level": "ERROR"} for name in ("fontTools", "pikepdf", "weasyprint")},
}
if "pytest" in sys.modules:
    # Limits on attempts are counted in the cache: each test process has its own, emptied before every test.
    CACHES["default"] |= {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tests"}
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

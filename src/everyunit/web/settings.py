"""Settings of the web door. It reads one home, keeps no database, sets no cookie and answers this machine only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

HERE = Path(__file__).resolve().parent

EVERYUNIT_HOME = os.environ.get("EVERYUNIT_HOME", "")

SECRET_KEY = secrets.token_urlsafe(48)  # nothing is signed that must outlive the process
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]  # another name in Host is a rebinding attempt
ROOT_URLCONF = "everyunit.web.urls"
WSGI_APPLICATION = "everyunit.web.wsgi.application"
INSTALLED_APPS = ["everyunit.web"]
DATABASES: dict[str, dict[str, str]] = {}
MIDDLEWARE = [
    "everyunit.web.guard.Guard",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {
            "loaders": [
                ("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"]),
            ],
            "builtins": ["everyunit.web.templatetags.figures"],
            "context_processors": ["everyunit.web.frame.frame"],
        },
    }
]
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]  # a file given is never on disk
FILE_UPLOAD_MAX_MEMORY_SIZE = 26 << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 26 << 20
STATIC_URL = "/static/"
STATIC_ROOT = HERE / "static"
WHITENOISE_MAX_AGE = 31_536_000  # addresses carry a digest of the content
WHITENOISE_ADD_HEADERS_FUNCTION = None
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
APPEND_SLASH = True
DEFAULT_CHARSET = "utf-8"

# Addresses hold visit numbers and errors may hold rows: neither belongs in a log.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": True,
    "handlers": {"words": {"class": "logging.StreamHandler", "formatter": "short"}},
    "formatters": {"short": {"format": "everyunit: %(message)s"}},
    "loggers": {
        "everyunit.web": {"handlers": ["words"], "level": "INFO", "propagate": False},
        "django": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}

"""The web door as a WSGI application. EVERYUNIT_HOME names the home it reads."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everyunit.web.settings")

application = get_wsgi_application()

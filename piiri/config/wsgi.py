"""The pages, for any WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

from piiri.base import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "piiri.config.settings")
logs.configure()
application = get_wsgi_application()

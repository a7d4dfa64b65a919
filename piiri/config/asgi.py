"""What `piiri serve` runs: pages go to the WSGI handler on a fixed pool of threads."""

from a2wsgi import WSGIMiddleware

from piiri.config.wsgi import application as pages

THREADS = 4

application = WSGIMiddleware(pages, workers=THREADS)  # type: ignore[arg-type]  # Django types its answer wider

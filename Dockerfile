# One image for every part: `web` (pages), `stream` (live events) and `worker` (jobs) differ in their command only.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 TEDUH_MODE=production TEDUH_DATA_DIR=/data
WORKDIR /app

# Pango draws the class cards; fonts for names in every script that Noto covers.
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 fonts-noto-core \
 && rm -rf /var/lib/apt/lists/*

COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY manage.py ./
COPY teduh ./teduh
# Static files (with their manifest) and catalogues are part of the image; a throw-away mode and folder, so that no
# key is baked in. Volumes take the owner that their folders have here.
RUN python -m teduh.kernel.catalogues \
 && TEDUH_MODE=demo TEDUH_DATA_DIR=/tmp/build python manage.py collectstatic --noinput --verbosity 0 --skip-checks \
 && rm -rf /tmp/build \
 && useradd --system --uid 10001 --home /data teduh \
 && mkdir /data /anchor && chown teduh /data /anchor

USER teduh
VOLUME /data
EXPOSE 8000 8001
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "1", "teduh.site.wsgi:application"]

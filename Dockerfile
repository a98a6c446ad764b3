# Three stages: styles and scripts, Python packages, and the image that runs, which has neither npm nor a compiler.

FROM node:24-slim AS frontend
WORKDIR /build/static
COPY static/package.json static/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY static ./
RUN npm run build

FROM python:3.13-slim AS packages
COPY requirements.lock ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes --requirement requirements.lock

FROM python:3.13-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv/dicm dicm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DICM_STATIC_ROOT=/srv/static \
    DICM_MEDIA_ROOT=/srv/media \
    XDG_CACHE_HOME=/tmp
WORKDIR /srv/dicm
COPY --from=packages /venv /venv
COPY . .
COPY --from=frontend /build/static/dist static/dist
RUN if [ -d locale ]; then pybabel --quiet compile --domain django --directory locale; fi \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && install --directory --owner dicm /srv/media
USER dicm
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/health/', headers={'Host': os.environ.get('DICM_BASE_DOMAIN', 'dicm.localhost')}), timeout=4)"]
CMD ["uvicorn", "dicm.asgi:application", "--host", "0.0.0.0", "--port", "8000", \
     "--http", "dicm.protocol:Protocol", "--no-proxy-headers", "--timeout-graceful-shutdown", "8"]

# Two stages: the first installs what requirements.lock pins, by hash; the second holds the result and no tools.
FROM python:3.13-slim-trixie AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: \
       --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY stemwatch stemwatch
COPY spiders spiders
COPY notify notify
COPY publish publish
COPY scheduler scheduler
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation . \
    && /venv/bin/stemwatch --version

FROM python:3.13-slim-trixie
RUN groupadd --gid 10001 stemwatch \
    && useradd --uid 10001 --gid stemwatch --home-dir /data --no-create-home --shell /usr/sbin/nologin stemwatch \
    && install -d -o stemwatch -g stemwatch -m 0700 /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    STEMWATCH_HOME=/data \
    STEMWATCH_CONFIG=/config/stemwatch.toml
USER 10001:10001
WORKDIR /data
VOLUME /data
HEALTHCHECK --interval=5m --timeout=60s --start-period=2m CMD ["stemwatch", "doctor", "--offline"]
ENTRYPOINT ["stemwatch"]
CMD ["run"]

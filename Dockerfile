FROM python:3.12-slim AS build
COPY . /src
RUN python -m venv /opt/netaudit && /opt/netaudit/bin/pip install --no-cache-dir "/src[aws]"

FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory '*'
COPY --from=build /opt/netaudit /opt/netaudit
ENV PATH=/opt/netaudit/bin:$PATH
RUN useradd --create-home netaudit
USER netaudit
WORKDIR /work
ENTRYPOINT ["netaudit"]

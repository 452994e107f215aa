# kv with Swift's libraries inside, on a slim Debian with the C libraries and a font:
#   docker build -t kv . && docker run --rm -v "$PWD:/data" kv graph view -o graph.svg
FROM swift:6.3-bookworm AS build
WORKDIR /source
COPY samples/install.sh samples/install.sh
RUN samples/install.sh
COPY Package.swift .
COPY Sources Sources
COPY samples samples
COPY Tests Tests
RUN swift build -c release --static-swift-stdlib --product kv \
  && cp "$(swift build -c release --static-swift-stdlib --product kv --show-bin-path)/kv" /usr/local/bin/kv

FROM debian:bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates fonts-dejavu-core libcurl4 libexpat1 libgvc6 libpq5 libsqlite3-0 \
  && rm -rf /var/lib/apt/lists/*
COPY --from=build /usr/local/bin/kv /usr/local/bin/kv
WORKDIR /data
ENTRYPOINT ["kv"]

# syntax=docker/dockerfile:1
# The executable `gateway-cluster`, for the chart's profile cluster. From the repository's root:
#   docker build --file deploy/docker/gateway-cluster.Dockerfile --tag policy-gateway-cluster:0.1.0 .
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
ARG VERSION=0.1.0
ENV NUGET_PACKAGES=/nuget
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/nuget \
    dotnet publish src/hosts/Gateway.Cluster --configuration Release --arch $TARGETARCH --self-contained false \
      -p:Version=$VERSION --output /app \
    && mkdir /data

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
LABEL org.opencontainers.image.title="policy-gateway-cluster" \
      org.opencontainers.image.description="Frontends and silos of an MCP gateway with exact, fleet-wide rate limits" \
      org.opencontainers.image.licenses="Apache-2.0"
# The listen addresses are the program's own options.
ENV ASPNETCORE_HTTP_PORTS=""
# Policies name time zones, and this image has no zone data of its own.
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /app /app
COPY --from=build --chown=1654:1654 /data /var/lib/gateway
USER 1654:1654
WORKDIR /var/lib/gateway
EXPOSE 8080 9090 11111 30000
# There is no default role: `--role frontend`, `--role silo` or `--role all`.
ENTRYPOINT ["/app/gateway-cluster"]

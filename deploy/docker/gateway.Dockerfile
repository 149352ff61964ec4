# syntax=docker/dockerfile:1
# The executable `gateway`, for the chart's profiles single and fleet. From the repository's root:
#   docker build --file deploy/docker/gateway.Dockerfile --tag policy-gateway:0.1.0 .
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
ARG VERSION=0.1.0
ENV NUGET_PACKAGES=/nuget
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/nuget \
    dotnet publish src/hosts/Gateway.Server --configuration Release --arch $TARGETARCH --self-contained false \
      -p:Version=$VERSION --output /app \
    && mkdir /data

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
LABEL org.opencontainers.image.title="policy-gateway" \
      org.opencontainers.image.description="An MCP gateway with exact, fleet-wide rate limits" \
      org.opencontainers.image.licenses="Apache-2.0"
# The listen addresses are the program's own options.
ENV ASPNETCORE_HTTP_PORTS=""
# Policies name time zones, and this image has no zone data of its own.
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /app /app
COPY --from=build --chown=1654:1654 /data /var/lib/gateway
USER 1654:1654
WORKDIR /var/lib/gateway
EXPOSE 8080 9090
ENTRYPOINT ["/app/gateway"]
CMD ["run", "--data", "/var/lib/gateway", "--listen", "http://0.0.0.0:8080", "--admin-listen", "http://0.0.0.0:9090"]

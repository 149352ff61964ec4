using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gateway.Hosting.Telemetry;

/// <summary>
/// Collects the process's meters for <c>/metrics</c>, and exports metrics and spans by OTLP if the standard variables
/// (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and the like) name a destination.
/// </summary>
public sealed class GatewayTelemetry : IDisposable
{
    private readonly MeterProvider _meters;
    private readonly TracerProvider? _tracers;

    /// <summary>Starts to collect.</summary>
    /// <param name="instance">The name of this process among others; null generates one.</param>
    /// <param name="moreMeters">Meters to collect besides the gateway's own.</param>
    /// <param name="moreSources">Sources of spans to export besides the gateway's own.</param>
    public GatewayTelemetry(string? instance = null, string[]? moreMeters = null, string[]? moreSources = null)
    {
        var exports = GatewayTelemetryNames.IsExported;
        void Describe(ResourceBuilder resource) =>
            resource.AddService(GatewayTelemetryNames.Service, serviceInstanceId: instance);
        var meters = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter([.. GatewayTelemetryNames.Meters, .. moreMeters ?? []])
            // A histogram keeps the trace of a recent call per bucket; without spans there is none to keep.
            .SetExemplarFilter(exports ? ExemplarFilterType.TraceBased : ExemplarFilterType.AlwaysOff)
            .AddPrometheusExporter(static scrape =>
            {
                // Series keep the labels that they had before this exporter: no meter name on each.
                scrape.ScopeInfoEnabled = false;
                // TargetInfoEnabled stays on: the previous release exports target_info too.
                // An alert must not be computed from the values of an earlier scrape by another Prometheus or a shell.
                scrape.ScrapeResponseCacheDurationMilliseconds = 0;
            });
        _meters = (exports ? meters.AddOtlpExporter() : meters).Build();
        _tracers = exports
            ? Sdk.CreateTracerProviderBuilder()
                .ConfigureResource(Describe)
                .AddSource([GatewayTelemetryNames.Source, .. moreSources ?? []])
                .AddOtlpExporter()
                .Build()
            : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tracers?.Dispose();
        _meters.Dispose();
    }

    /// <summary>Serves the meters, in the format of Prometheus or in OpenMetrics as <c>Accept</c> prefers.</summary>
    internal IEndpointConventionBuilder Map(IEndpointRouteBuilder routes) =>
        routes.MapPrometheusScrapingEndpoint("/metrics", _meters, configureBranchedPipeline: null, optionsName: null)
            // The exporter itself accepts any method.
            .WithMetadata(new HttpMethodMetadata([HttpMethods.Get]));
}

/// <summary>The route of <see cref="GatewayTelemetry"/>.</summary>
public static class MetricsEndpoint
{
    /// <summary>Serves <c>/metrics</c> on the operators' address. It requires no key.</summary>
    public static void MapMetrics(this WebApplication app) =>
        app.Services.GetRequiredService<GatewayTelemetry>().Map(app).GuardedBy(EndpointGuard.Scraping);
}

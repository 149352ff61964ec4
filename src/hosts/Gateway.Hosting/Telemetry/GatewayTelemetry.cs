using Gateway.Proxy.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gateway.Hosting.Telemetry;

/// <summary>
/// Collects the process's meters for <c>/metrics</c>, and exports metrics and spans by OTLP where the standard
/// variables (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and its kin) say where to.
/// </summary>
public sealed class GatewayTelemetry : IDisposable
{
    private readonly PrometheusReader _prometheus = new();
    private readonly MeterProvider _meters;
    private readonly TracerProvider? _tracers;

    /// <summary>Begins to collect.</summary>
    /// <param name="instance">The name of this process among others; null makes one up.</param>
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
            .AddReader(new BaseExportingMetricReader(_prometheus));
        _meters = (exports ? meters.AddOtlpExporter() : meters).Build();
        _tracers = exports
            ? Sdk.CreateTracerProviderBuilder()
                .ConfigureResource(Describe)
                .AddSource([GatewayTelemetryNames.Source, .. moreSources ?? []])
                .AddOtlpExporter()
                .Build()
            : null;
    }

    /// <summary>Everything as Prometheus text, as of now.</summary>
    public byte[] PrometheusText() => _prometheus.Read();

    /// <inheritdoc/>
    public void Dispose()
    {
        _tracers?.Dispose();
        _meters.Dispose();
    }
}

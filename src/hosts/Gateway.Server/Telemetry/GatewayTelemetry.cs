using Gateway.Proxy.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gateway.Server.Telemetry;

/// <summary>
/// Collects the process's meters for <c>/metrics</c>, and exports metrics and spans by OTLP where the standard
/// variables (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and its kin) say where to.
/// </summary>
internal sealed class GatewayTelemetry : IDisposable
{
    private readonly PrometheusReader _prometheus = new();
    private readonly MeterProvider _meters;
    private readonly TracerProvider? _tracers;

    public GatewayTelemetry()
    {
        var exports = GatewayTelemetryNames.IsExported;
        var meters = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService(GatewayTelemetryNames.Service))
            .AddMeter(GatewayTelemetryNames.Meters)
            .AddReader(new BaseExportingMetricReader(_prometheus));
        _meters = (exports ? meters.AddOtlpExporter() : meters).Build();
        _tracers = exports
            ? Sdk.CreateTracerProviderBuilder()
                .ConfigureResource(resource => resource.AddService(GatewayTelemetryNames.Service))
                .AddSource(GatewayTelemetryNames.Source)
                .AddOtlpExporter()
                .Build()
            : null;
    }

    /// <summary>Everything as Prometheus text, as of now.</summary>
    public byte[] PrometheusText() => _prometheus.Read();

    public void Dispose()
    {
        _tracers?.Dispose();
        _meters.Dispose();
    }
}

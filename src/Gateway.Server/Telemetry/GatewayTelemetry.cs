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
    private const string ServiceName = "policy-gateway";

    private static readonly string[] OtlpEndpoints =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    ];

    private readonly PrometheusReader _prometheus = new();
    private readonly MeterProvider _meters;
    private readonly TracerProvider? _tracers;

    public GatewayTelemetry()
    {
        var exports = OtlpEndpoints.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });
        var meters = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService(ServiceName))
            .AddMeter(GatewayTelemetryNames.Meters)
            .AddReader(new BaseExportingMetricReader(_prometheus));
        _meters = (exports ? meters.AddOtlpExporter() : meters).Build();
        _tracers = exports
            ? Sdk.CreateTracerProviderBuilder()
                .ConfigureResource(resource => resource.AddService(ServiceName))
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

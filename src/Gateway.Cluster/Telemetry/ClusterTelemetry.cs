using Gateway.Proxy.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gateway.Cluster.Telemetry;

/// <summary>
/// Collects the meters of the gateway and of Orleans for <c>/metrics</c>, and exports metrics and spans by OTLP where
/// the standard variables (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and its kin) say where to.
/// </summary>
internal sealed class ClusterTelemetry : IDisposable
{
    private const string ServiceName = "policy-gateway";

    private static readonly string[] OtlpEndpoints =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    ];

    private readonly TracerProvider? _tracers;

    public ClusterTelemetry(ClusterSettings settings)
    {
        var exports = OtlpEndpoints.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });
        var meters = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService(ServiceName, serviceInstanceId: settings.Name))
            .AddMeter(GatewayTelemetryNames.Meters)
            .AddMeter(SiloMetrics.MeterName, "Microsoft.Orleans")
            .AddPrometheusExporter(options => options.ScopeInfoEnabled = false);
        Meters = (exports ? meters.AddOtlpExporter() : meters).Build();
        _tracers = exports
            ? Sdk.CreateTracerProviderBuilder()
                .ConfigureResource(resource => resource.AddService(ServiceName, serviceInstanceId: settings.Name))
                .AddSource(GatewayTelemetryNames.Source)
                .AddSource("Microsoft.Orleans.*")
                .AddOtlpExporter()
                .Build()
            : null;
    }

    /// <summary>What is collected.</summary>
    public MeterProvider Meters { get; }

    public void Dispose()
    {
        _tracers?.Dispose();
        Meters.Dispose();
    }
}

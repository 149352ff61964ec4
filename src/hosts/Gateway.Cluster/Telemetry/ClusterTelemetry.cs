using Gateway.Cluster.Settings;
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
    private readonly TracerProvider? _tracers;

    public ClusterTelemetry(ClusterSettings settings)
    {
        var exports = GatewayTelemetryNames.IsExported;
        void Describe(ResourceBuilder resource) =>
            resource.AddService(GatewayTelemetryNames.Service, serviceInstanceId: settings.Name);
        var meters = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter(GatewayTelemetryNames.Meters)
            .AddMeter(SiloMetrics.MeterName, "Microsoft.Orleans")
            .AddPrometheusExporter(options => options.ScopeInfoEnabled = false);
        Meters = (exports ? meters.AddOtlpExporter() : meters).Build();
        _tracers = exports
            ? Sdk.CreateTracerProviderBuilder()
                .ConfigureResource(Describe)
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

using Gateway.Control.Telemetry;
using Gateway.Limits.Model;

namespace Gateway.Proxy.Telemetry;

/// <summary>The names of the telemetry that a host collects and exports.</summary>
public static class GatewayTelemetryNames
{
    /// <summary>The service name of every process of a gateway.</summary>
    public const string Service = "policy-gateway";

    private static readonly string[] OtlpEndpoints =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    ];

    /// <summary>True if one of the standard variables sets an OTLP endpoint.</summary>
    public static bool IsExported =>
        OtlpEndpoints.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });

    /// <summary>The meters that describe a gateway, including those of the runtime and the web server.</summary>
    public static string[] Meters =>
    [
        MeterNames.Gateway, HealthMetrics.MeterName, EngineMetrics.MeterName, UpstreamMetrics.MeterName,
        StoreMetrics.MeterName, MeterNames.Servers, "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel",
    ];

    /// <summary>The source of call spans, one span per call.</summary>
    public static string Source => MeterNames.Gateway;
}

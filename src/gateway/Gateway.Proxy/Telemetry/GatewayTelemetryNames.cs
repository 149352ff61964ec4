using Gateway.Control.Telemetry;
using Gateway.Limits.Model;

namespace Gateway.Proxy.Telemetry;

/// <summary>What a host collects and exports.</summary>
public static class GatewayTelemetryNames
{
    /// <summary>The service's name, of every process of a gateway.</summary>
    public const string Service = "policy-gateway";

    private static readonly string[] OtlpEndpoints =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    ];

    /// <summary>Whether one of the standard variables says where to export to by OTLP.</summary>
    public static bool IsExported =>
        OtlpEndpoints.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });

    /// <summary>The meters that describe a gateway, the runtime's and the web server's among them.</summary>
    public static string[] Meters =>
    [
        MeterNames.Gateway, HealthMetrics.MeterName, EngineMetrics.MeterName, UpstreamMetrics.MeterName,
        StoreMetrics.MeterName, MeterNames.Servers, "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel",
    ];

    /// <summary>The source of one span a call.</summary>
    public static string Source => MeterNames.Gateway;
}

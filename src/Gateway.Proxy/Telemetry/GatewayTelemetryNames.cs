using Gateway.Limits;
using Gateway.Mcp;

namespace Gateway.Proxy.Telemetry;

/// <summary>What a host collects and exports.</summary>
public static class GatewayTelemetryNames
{
    /// <summary>The meters that describe a gateway, the runtime's and the web server's among them.</summary>
    public static string[] Meters =>
    [
        GatewayMetrics.MeterName, HealthMetrics.MeterName, EngineMetrics.MeterName, UpstreamMetrics.MeterName,
        StoreTally.MeterName, StdioMetrics.MeterName, "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel",
    ];

    /// <summary>The source of one span a call.</summary>
    public static string Source => GatewayTracing.SourceName;
}

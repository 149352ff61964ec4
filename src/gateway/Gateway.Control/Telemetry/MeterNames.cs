namespace Gateway.Control.Telemetry;

/// <summary>The meters that several classes share; dashboards use these names.</summary>
public static class MeterNames
{
    /// <summary>The meter of the calls of agents and operators.</summary>
    public const string Gateway = "Gateway.Proxy";

    /// <summary>The meter of the traffic between the gateway and its servers, and its memory.</summary>
    public const string Servers = "Gateway.Mcp";
}

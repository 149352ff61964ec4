namespace Gateway.Control.Telemetry;

/// <summary>The meters that several classes share; dashboards know them by these names.</summary>
public static class MeterNames
{
    /// <summary>What happens to calls of agents and operators.</summary>
    public const string Gateway = "Gateway.Proxy";

    /// <summary>What happens between the gateway and its servers, and the memory for that.</summary>
    public const string Servers = "Gateway.Mcp";
}

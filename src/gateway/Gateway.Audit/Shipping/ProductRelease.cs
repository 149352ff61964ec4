using System.Reflection;

namespace Gateway.Audit.Shipping;

/// <summary>Who a record is from, as sinks are told.</summary>
internal static class Sender
{
    /// <summary>The program.</summary>
    public const string Product = "mcp-gateway";

    /// <summary>The machine.</summary>
    public static string Host { get; } = Environment.MachineName;

    /// <summary>Of the program.</summary>
    public static string Version { get; } =
        typeof(Sender).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0] ?? "unknown";
}

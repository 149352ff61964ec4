using System.Reflection;

namespace Gateway.Audit.Shipping;

/// <summary>Name and version of this program, for sinks and operators.</summary>
public static class ProductRelease
{
    /// <summary>Name of the program.</summary>
    public const string Name = "mcp-gateway";

    /// <summary>Version of the program, without the commit.</summary>
    public static string Version { get; } =
        typeof(ProductRelease).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0] ?? "unknown";
}

using System.Reflection;

namespace Gateway.Audit.Shipping;

/// <summary>Which program this is, as sinks and operators are told.</summary>
public static class ProductRelease
{
    /// <summary>Its name.</summary>
    public const string Name = "mcp-gateway";

    /// <summary>Its version, without the commit that it was built of.</summary>
    public static string Version { get; } =
        typeof(ProductRelease).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0] ?? "unknown";
}

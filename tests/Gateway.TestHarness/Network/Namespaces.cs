namespace Gateway.TestHarness.Network;

/// <summary>Whether network namespaces can be made here.</summary>
public static class Namespaces
{
    private const int NetAdmin = 12;
    private const int SysAdmin = 21;

    /// <summary>Why not; null where they can be made.</summary>
    public static string? Missing { get; } =
        !IsCapable() ? "needs root's rights on Linux: network namespaces are made"
        : !SearchPath.Has("ip") ? "needs ip: install the package iproute2"
        : null;

    /// <summary>A container's root often lacks these two; what a process has stands in its status.</summary>
    private static bool IsCapable()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            return false;
        const string Name = "CapEff:";
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Name, StringComparison.Ordinal));
        var effective = ulong.Parse(line[Name.Length..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (effective >> NetAdmin & effective >> SysAdmin & 1) == 1;
    }
}

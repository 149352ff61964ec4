namespace Gateway.TestHarness.Network;

/// <summary>The check that network namespaces can be created here.</summary>
public static class Namespaces
{
    private const int NetAdmin = 12;
    private const int SysAdmin = 21;

    /// <summary>The reason why they cannot be created; null if they can.</summary>
    public static string? Missing { get; } =
        !IsCapable() ? "needs root's rights on Linux: network namespaces are made"
        : !SearchPath.Has("ip") ? "needs ip: install the package iproute2"
        : null;

    /// <summary>
    /// Returns true if this process has the two capabilities, which a container's root often lacks. They are listed in
    /// its status file.
    /// </summary>
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

namespace Gateway.Proxy.Tests;

/// <summary>For what only Linux has: filters on sockets.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "Only Linux has filters on sockets.";
    }
}

namespace Gateway.Server.Tests.Demo;

/// <summary>A test that sends a signal to another process.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows()) Skip = "Windows has no SIGINT to send to another process";
    }
}

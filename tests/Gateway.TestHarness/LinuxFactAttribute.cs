namespace Gateway.TestHarness;

/// <summary>A test of what only Linux has: processes in <c>/proc</c>, filters on sockets.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux()) Skip = "needs Linux, for its /proc or its filters on sockets";
    }
}

namespace Gateway.TestHarness;

/// <summary>A test that needs Linux features: processes in <c>/proc</c>, filters on sockets.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux()) Skip = "needs Linux, for its /proc or its filters on sockets";
    }
}

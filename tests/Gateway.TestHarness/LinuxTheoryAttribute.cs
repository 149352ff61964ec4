namespace Gateway.TestHarness;

/// <summary>A theory that needs Linux features: processes in <c>/proc</c>, filters on sockets.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux()) Skip = "needs Linux, for its /proc or its filters on sockets";
    }
}

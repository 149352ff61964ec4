namespace Gateway.TestHarness;

/// <summary>A theory with the requirements of <see cref="UnixFactAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute()
    {
        if (OperatingSystem.IsWindows()) Skip = "Windows has no file modes and no signals";
    }
}

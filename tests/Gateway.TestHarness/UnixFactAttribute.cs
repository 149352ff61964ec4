namespace Gateway.TestHarness;

/// <summary>
/// A test that needs features which Windows lacks: file modes, symbolic links without privileges, signals.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows()) Skip = "Windows has no file modes and no signals";
    }
}

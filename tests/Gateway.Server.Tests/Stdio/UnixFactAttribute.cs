namespace Gateway.Server.Tests.Stdio;

/// <summary>A test of programs in process groups, which are served on Unix only.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (!OperatingSystem.IsLinux()) Skip = "looks at processes in /proc";
    }
}

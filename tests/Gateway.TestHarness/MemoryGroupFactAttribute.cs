namespace Gateway.TestHarness;

/// <summary>A test that limits the memory of a process, which needs a cgroup and root privileges.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MemoryGroupFactAttribute : FactAttribute
{
    public MemoryGroupFactAttribute() => Skip = Requirements.SkipWithout(MemoryGroup.Missing);
}

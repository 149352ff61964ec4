namespace Gateway.TestHarness;

/// <summary>A test that holds a process to so much memory, which takes a cgroup and root's rights.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MemoryGroupFactAttribute : FactAttribute
{
    public MemoryGroupFactAttribute() => Skip = Requirements.SkipWithout(MemoryGroup.Missing);
}

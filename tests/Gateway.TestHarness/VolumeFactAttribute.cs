namespace Gateway.TestHarness;

/// <summary>A test that fills its own file system, which needs root privileges.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VolumeFactAttribute : FactAttribute
{
    public VolumeFactAttribute() => Skip = Requirements.SkipWithout(SmallVolume.Missing);
}

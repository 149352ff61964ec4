namespace Gateway.TestHarness;

/// <summary>A test that fills a file system of its own, which takes root's rights.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VolumeFactAttribute : FactAttribute
{
    public VolumeFactAttribute() => Skip = Requirements.SkipWithout(SmallVolume.Missing);
}

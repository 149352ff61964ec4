namespace Gateway.Fleet.Tests.Documents;

/// <summary>A test that lets days pass and fills a volume.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MonthFactAttribute : FactAttribute
{
    public MonthFactAttribute() =>
        Skip = Requirements.SkipWithout(SmallVolume.Missing ?? (FakeTime.IsThere ? null : FakeTime.Missing));
}

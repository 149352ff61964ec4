namespace Gateway.TestHarness.Postgres;

/// <summary>A test that shifts the time of whole processes with libfaketime.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FakeTimeFactAttribute : FactAttribute
{
    public FakeTimeFactAttribute() => Skip = new PostgresFactAttribute().Skip
        ?? Requirements.SkipWithout(FakeTime.IsThere ? null : FakeTime.Missing);
}

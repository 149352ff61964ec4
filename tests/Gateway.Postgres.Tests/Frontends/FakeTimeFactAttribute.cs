using Gateway.Postgres.Tests.Clusters;

namespace Gateway.Postgres.Tests.Frontends;

/// <summary>A test that shifts the time of whole processes with libfaketime.</summary>
internal sealed class FakeTimeFactAttribute : FactAttribute
{
    public FakeTimeFactAttribute() => Skip = new PostgresFactAttribute().Skip
        ?? Requirements.SkipWithout(FakeTime.IsThere ? null : FakeTime.Missing);
}

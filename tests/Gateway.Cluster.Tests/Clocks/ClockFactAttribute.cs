namespace Gateway.Cluster.Tests.Clocks;

/// <summary>A test that moves the clock of a silo with libfaketime; and a database.</summary>
internal sealed class ClockFactAttribute : FactAttribute
{
    public ClockFactAttribute() => Skip = new ClusterFactAttribute().Skip
        ?? Requirements.SkipWithout(FakeTime.IsThere ? null : FakeTime.Missing);
}

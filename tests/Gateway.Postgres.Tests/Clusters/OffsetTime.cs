namespace Gateway.Postgres.Tests.Clusters;

/// <summary>A wall clock that is off; what is measured is right, as on a machine with a wrong time.</summary>
internal sealed class OffsetTime(TimeSpan offset) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + offset;
}

namespace Gateway.Postgres.Tests.Conformance;

[NeedsPostgres]
[Collection(DatabaseCollection.Name)]
public sealed class SlidingSharedEngineConformanceTests(SharedDatabase shared)
    : SlidingLimiterConformance(new FleetSubject(shared));

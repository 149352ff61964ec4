namespace Gateway.Postgres.Tests.Conformance;

[NeedsPostgres]
[Collection(DatabaseCollection.Name)]
public sealed class SharedEngineConformanceTests(SharedDatabase shared)
    : LimiterConformance(new FleetSubject(shared));

namespace Gateway.Postgres.Tests.Conformance;

[NeedsPostgres]
[Collection(DatabaseCollection.Name)]
public sealed class ValueFleetConformanceTests(SharedDatabase shared)
    : ValueLimiterConformance(new FleetSubject(shared));

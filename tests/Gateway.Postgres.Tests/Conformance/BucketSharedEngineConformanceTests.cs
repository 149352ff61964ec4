namespace Gateway.Postgres.Tests.Conformance;

[NeedsPostgres]
[Collection(DatabaseCollection.Name)]
public sealed class BucketSharedEngineConformanceTests(SharedDatabase shared)
    : BucketLimiterConformance(new FleetSubject(shared));

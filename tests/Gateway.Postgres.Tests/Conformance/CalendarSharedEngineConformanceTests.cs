namespace Gateway.Postgres.Tests.Conformance;

[NeedsPostgres]
[Collection(DatabaseCollection.Name)]
public sealed class CalendarSharedEngineConformanceTests(SharedDatabase shared)
    : CalendarLimiterConformance(new FleetSubject(shared));

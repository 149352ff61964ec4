namespace Gateway.Postgres.Tests.Conformance;

[NeedsPostgres]
[Collection(DatabaseCollection.Name)]
public sealed class InFlightFleetConformanceTests(SharedDatabase shared)
    : InFlightConformance(new FleetSubject(shared));

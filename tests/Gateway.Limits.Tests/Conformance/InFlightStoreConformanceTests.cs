namespace Gateway.Limits.Tests.Conformance;

public sealed class InFlightStoreConformanceTests() : InFlightConformance(new StoreSubject());

namespace Gateway.Limits.Tests.Conformance;

public sealed class ValueStoreConformanceTests() : ValueLimiterConformance(new StoreSubject());

namespace Gateway.Limits.Tests.Conformance;

public sealed class EmbeddedLimiterConformanceTests() : LimiterConformance(new EmbeddedSubject());

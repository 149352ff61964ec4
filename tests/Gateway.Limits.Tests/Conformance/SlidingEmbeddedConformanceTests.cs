namespace Gateway.Limits.Tests.Conformance;

public sealed class SlidingEmbeddedConformanceTests() : SlidingLimiterConformance(new EmbeddedSubject());

namespace Gateway.Limits.Tests.Conformance;

public sealed class SlidingJournalEngineConformanceTests() : SlidingLimiterConformance(new JournalEngineSubject());

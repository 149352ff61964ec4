namespace Gateway.Limits.Tests.Conformance;

public sealed class ValueJournalEngineConformanceTests() : ValueLimiterConformance(new JournalEngineSubject());

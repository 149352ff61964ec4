namespace Gateway.Limits.Tests.Conformance;

public sealed class JournalEngineConformanceTests() : LimiterConformance(new JournalEngineSubject());

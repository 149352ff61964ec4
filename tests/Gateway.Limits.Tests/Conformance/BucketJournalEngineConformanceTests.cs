namespace Gateway.Limits.Tests.Conformance;

public sealed class BucketJournalEngineConformanceTests() : BucketLimiterConformance(new JournalEngineSubject());

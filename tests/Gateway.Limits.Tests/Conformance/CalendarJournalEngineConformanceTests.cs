namespace Gateway.Limits.Tests.Conformance;

public sealed class CalendarJournalEngineConformanceTests() : CalendarLimiterConformance(new JournalEngineSubject());

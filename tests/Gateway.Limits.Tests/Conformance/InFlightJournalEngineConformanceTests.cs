namespace Gateway.Limits.Tests.Conformance;

public sealed class InFlightJournalEngineConformanceTests() : InFlightConformance(new JournalEngineSubject());

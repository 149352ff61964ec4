namespace Gateway.Orleans.Tests.Client;

public sealed class CalendarGrainConformanceTests() : CalendarLimiterConformance(new GrainSubject());

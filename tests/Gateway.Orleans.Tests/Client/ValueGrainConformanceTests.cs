namespace Gateway.Orleans.Tests.Client;

public sealed class ValueGrainConformanceTests() : ValueLimiterConformance(new GrainSubject());

namespace Gateway.Orleans.Tests.Client;

public sealed class SlidingGrainConformanceTests() : SlidingLimiterConformance(new GrainSubject());

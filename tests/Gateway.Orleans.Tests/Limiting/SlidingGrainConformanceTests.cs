namespace Gateway.Orleans.Tests.Limiting;

public sealed class SlidingGrainConformanceTests() : SlidingLimiterConformance(new GrainSubject());

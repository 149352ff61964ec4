namespace Gateway.Orleans.Tests.Client;

public sealed class BucketGrainConformanceTests() : BucketLimiterConformance(new GrainSubject());

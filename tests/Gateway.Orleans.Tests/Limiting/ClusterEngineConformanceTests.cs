namespace Gateway.Orleans.Tests.Limiting;

public sealed class ClusterEngineConformanceTests() : LimiterConformance(new GrainSubject());

namespace Gateway.Orleans.Tests.Client;

public sealed class ClusterEngineConformanceTests() : LimiterConformance(new GrainSubject());

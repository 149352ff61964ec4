using Gateway.Limits.Conformance;

namespace Gateway.Orleans.Tests.Limiting;

public sealed class GrainLimiterConformanceTests() : LimiterConformance(new GrainSubject());

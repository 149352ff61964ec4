namespace Gateway.Orleans.Tests.Client;

public sealed class InFlightGrainConformanceTests() : InFlightConformance(new GrainSubject());

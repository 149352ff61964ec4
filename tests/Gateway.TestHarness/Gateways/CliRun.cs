namespace Gateway.TestHarness.Gateways;

/// <summary>What a verb returned and printed.</summary>
public sealed record CliRun(int ExitCode, string Output, string Errors);

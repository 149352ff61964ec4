namespace Gateway.TestHarness.Gateways;

/// <summary>The exit code and output of a verb.</summary>
public sealed record CliRun(int ExitCode, string Output, string Errors);

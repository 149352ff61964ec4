namespace Gateway.Server.Tests.Commands;

/// <summary>What a verb returned and printed.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Errors);

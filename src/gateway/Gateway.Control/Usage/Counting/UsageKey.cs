namespace Gateway.Control.Usage.Counting;

/// <summary>The labels under which calls are counted.</summary>
/// <param name="Grant">The grant of the call, or <see cref="UsageCounts.Other"/>.</param>
/// <param name="Server">The server of the call.</param>
/// <param name="Tool">The tool of the call, or <see cref="UsageCounts.Other"/>.</param>
/// <param name="Outcome"><c>allowed</c>, or the reason why it was refused.</param>
/// <param name="Policy">The policy that decided; empty for none.</param>
public readonly record struct UsageKey(string Grant, string Server, string Tool, string Outcome, string Policy = "");

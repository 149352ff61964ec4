namespace Gateway.Control.Usage.Counting;

/// <summary>What calls are counted under.</summary>
/// <param name="Grant">Whose call, or <see cref="UsageCounts.Other"/>.</param>
/// <param name="Server">For which server.</param>
/// <param name="Tool">For which tool, or <see cref="UsageCounts.Other"/>.</param>
/// <param name="Outcome"><c>allowed</c>, or why it was refused.</param>
public readonly record struct UsageKey(string Grant, string Server, string Tool, string Outcome);

namespace Gateway.Admin.Records;

/// <summary>What a reload of the configuration file changed, or would change.</summary>
/// <param name="DryRun">Whether nothing was put in force.</param>
/// <param name="Changes">Each as an order, in words; a value that may be a secret is never said.</param>
/// <param name="Restarts">
/// Counters that start at zero, because their grant, server, name or window is another one; absent where a file that
/// was sent cannot be read here.
/// </param>
internal sealed record ReloadView(bool DryRun, IReadOnlyList<string> Changes, IReadOnlyList<string>? Restarts);

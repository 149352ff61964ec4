namespace Gateway.Admin.Records;

/// <summary>The actual or possible changes by a reload of the configuration file.</summary>
/// <param name="DryRun">True if nothing was applied.</param>
/// <param name="Changes">The changes, each in the imperative; values that may be secret are never included.</param>
/// <param name="Restarts">Counters that start at zero because their grant, server, name or window changes; absent if a
/// file that was sent cannot be read here.</param>
internal sealed record ReloadView(bool DryRun, IReadOnlyList<string> Changes, IReadOnlyList<string>? Restarts)
{
    /// <summary>The time at which the content that was active before this request was loaded.</summary>
    public DateTimeOffset? LoadedBefore { get; init; }
}

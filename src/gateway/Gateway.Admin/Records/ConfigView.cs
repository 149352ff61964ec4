namespace Gateway.Admin.Records;

/// <summary>The state of the configuration file.</summary>
/// <param name="Path">The file.</param>
/// <param name="InForce">False if the current file was refused; the last good one stays active.</param>
/// <param name="LoadedAt">The time at which the active one was read.</param>
/// <param name="Problems">The reasons for the refusal.</param>
/// <param name="Warnings">Settings that are allowed but probably unintended.</param>
internal sealed record ConfigView(
    string Path,
    bool InForce,
    DateTimeOffset LoadedAt,
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> Warnings)
{
    /// <summary>
    /// True if the current file is valid, and will be applied as soon as the control store and the audit log can be
    /// written.
    /// </summary>
    public bool IsWaiting { get; init; }
}

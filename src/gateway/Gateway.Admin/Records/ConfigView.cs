namespace Gateway.Admin.Records;

/// <summary>How the configuration file stands.</summary>
/// <param name="Path">The file.</param>
/// <param name="InForce">False where it was refused as it is now; the last good one stays.</param>
/// <param name="LoadedAt">When the one in force was read.</param>
/// <param name="Problems">Why it was refused.</param>
/// <param name="Warnings">What is allowed in it and probably not meant.</param>
internal sealed record ConfigView(
    string Path,
    bool InForce,
    DateTimeOffset LoadedAt,
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> Warnings)
{
    /// <summary>
    /// True where the file as it is now is right, and is applied as soon as the control store and the audit log can be
    /// written.
    /// </summary>
    public bool IsWaiting { get; init; }
}

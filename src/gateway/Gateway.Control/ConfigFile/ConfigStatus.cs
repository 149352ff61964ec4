using System.Collections.Immutable;

namespace Gateway.Control.ConfigFile;

/// <summary>The status of the configuration file, for the operator.</summary>
/// <param name="Path">The path of the file; null if the gateway runs without one.</param>
/// <param name="IsInForce">
/// False if the current content of the file was rejected and the last valid one still applies.
/// </param>
/// <param name="LoadedAtMs">The time at which the applied content was read, in Unix milliseconds.</param>
/// <param name="Problems">The reasons why the current content was rejected.</param>
/// <param name="Warnings">Parts of it that are valid and probably not intended.</param>
public sealed record ConfigStatus(
    string? Path,
    bool IsInForce,
    long LoadedAtMs,
    ImmutableArray<string> Problems,
    ImmutableArray<string> Warnings)
{
    /// <summary>
    /// True if the current content is valid and could not be applied, because the control store or the audit log cannot
    /// be written. It is applied as soon as they can be.
    /// </summary>
    public bool IsWaiting { get; init; }

    /// <summary>The status of a gateway that was started without a file.</summary>
    public static ConfigStatus NoFile { get; } = new(null, true, 0, [], []);
}

using System.Collections.Immutable;

namespace Gateway.Control.ConfigFile;

/// <summary>How the configuration file stands, for the operator.</summary>
/// <param name="Path">The file; null where the gateway runs without one.</param>
/// <param name="IsInForce">False where the file as it is now was refused and the last good one stays.</param>
/// <param name="LoadedAtMs">When the one in force was read, Unix milliseconds.</param>
/// <param name="Problems">Why the file as it is now was refused.</param>
/// <param name="Warnings">What is allowed in it and probably not meant.</param>
public sealed record ConfigStatus(
    string? Path,
    bool IsInForce,
    long LoadedAtMs,
    ImmutableArray<string> Problems,
    ImmutableArray<string> Warnings)
{
    /// <summary>
    /// The file as it is now is right and could not be applied, because the control store or the audit log cannot be
    /// written. It is applied as soon as they can.
    /// </summary>
    public bool IsWaiting { get; init; }

    /// <summary>The gateway was started without a file.</summary>
    public static ConfigStatus NoFile { get; } = new(null, true, 0, [], []);
}

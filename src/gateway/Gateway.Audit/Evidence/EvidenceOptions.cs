using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Audit.Evidence;

/// <summary>How the audit log proves what it was.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record EvidenceOptions
{
    /// <summary>The PEM file of the key that signs; null keeps one beside the log, and makes it if there is none.
    /// </summary>
    public string? KeyPath { get; init; }

    /// <summary>How long records wait for a checkpoint at most.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>As many bytes of records at most are without one.</summary>
    [Range(64 * 1024, 1 << 30)]
    public long CheckpointBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// Bytes after the last checkpoint that a start reads and takes over; where there are more, none is taken over.
    /// </summary>
    [Range(0, 1 << 30)]
    public long AdoptedBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Other writers whose newest checkpoint is told in each of this one's.</summary>
    [Range(0, 256)]
    public int WitnessedMax { get; init; } = 64;
}

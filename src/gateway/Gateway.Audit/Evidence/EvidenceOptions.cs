using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Audit.Evidence;

/// <summary>Options for the audit log's evidence: its signed checkpoints.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record EvidenceOptions
{
    /// <summary>
    /// PEM file of the signing key. Null uses a key beside the log, which is created if it does not exist.
    /// </summary>
    public string? KeyPath { get; init; }

    /// <summary>Maximum time that records wait for a checkpoint.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Maximum bytes of records without a checkpoint.</summary>
    [Range(64 * 1024, 1 << 30)]
    public long CheckpointBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// Maximum bytes after the last checkpoint that a start reads and adopts. If there are more, none are adopted.
    /// </summary>
    [Range(0, 1 << 30)]
    public long AdoptedBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// Maximum number of other writers whose newest checkpoint is included in each checkpoint of this writer.
    /// </summary>
    [Range(0, 256)]
    public int WitnessedMax { get; init; } = 64;
}

using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Admin.Identity.Records;

/// <summary>The history of changes and the versions of policies.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record HistoryOptions
{
    /// <summary>How long they are kept: 13 months.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan Age { get; set; } = TimeSpan.FromDays(397);

    /// <summary>The latest changes that a previous release finds.</summary>
    [Range(1, 10_000)]
    public int PreviousReleaseMax { get; set; } = 1000;
}

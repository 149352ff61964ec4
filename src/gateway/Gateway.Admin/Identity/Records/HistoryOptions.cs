using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Admin.Identity.Records;

/// <summary>Options of the history of changes and the versions of policies.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record HistoryOptions
{
    /// <summary>The retention time. The default is 13 months.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan Age { get; set; } = TimeSpan.FromDays(397);

    /// <summary>The number of latest changes that a previous release finds.</summary>
    [Range(1, 10_000)]
    public int PreviousReleaseMax { get; set; } = 1000;
}

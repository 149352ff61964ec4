using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Control.Usage.Counting;

/// <summary>Bounds of the figures of calls and refusals over time.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record UsageOptions
{
    /// <summary>
    /// Combinations of grant, server, tool and outcome that one hour tells apart; the rest counts as <c>(other)</c>.
    /// </summary>
    [Range(1, 8192)]
    public int KeysMax { get; set; } = 4096;

    /// <summary>How often a gateway writes what it counted: the most that is lost of one that is killed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan WriteEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Hours for which each minute is kept; before them, whole hours.</summary>
    [Range(1, 48)]
    public int MinutesKeptHours { get; set; } = 48;

    /// <summary>Days for which each hour is kept: 13 months.</summary>
    [Range(1, 397)]
    public int HoursKeptDays { get; set; } = 397;

    /// <summary>Points in time of one answer; a question for more is refused.</summary>
    [Range(1, 100_000)]
    public int PointsMax { get; set; } = 1500;

    /// <summary>Rows of one answer, the busiest; the rest stands in one row <c>(other)</c>.</summary>
    [Range(1, 10_000)]
    public int RowsMax { get; set; } = 200;
}

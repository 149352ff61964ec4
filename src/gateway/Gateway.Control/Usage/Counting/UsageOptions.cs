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

    /// <summary>Rows of one answer, the busiest; the rest stands in one row <c>(other)</c>.</summary>
    [Range(1, 10_000)]
    public int RowsMax { get; set; } = 200;
}

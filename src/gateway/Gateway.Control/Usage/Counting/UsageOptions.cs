using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Control.Usage.Counting;

/// <summary>Bounds of the figures of calls and refusals over time.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record UsageOptions
{
    /// <summary>
    /// The maximum number of combinations of grant, server, tool and outcome in one hour; the rest counts as
    /// <c>(other)</c>.
    /// </summary>
    [Range(1, 8192)]
    public int KeysMax { get; set; } = 4096;

    /// <summary>
    /// The maximum number of rows in one report, the busiest; the rest is added up in one row <c>(other)</c>.
    /// </summary>
    [Range(1, 10_000)]
    public int RowsMax { get; set; } = 200;
}

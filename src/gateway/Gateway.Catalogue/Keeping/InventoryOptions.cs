using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Catalogue.Keeping;

/// <summary>Options for the inventories of servers.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record InventoryOptions
{
    /// <summary>
    /// The interval between lists of a server, plus up to a fifth; with zero, it is only listed when an operator
    /// requests it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan Every { get; init; }
}

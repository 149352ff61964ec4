using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Catalogue.Keeping;

/// <summary>The inventories of servers.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record InventoryOptions
{
    /// <summary>
    /// How often a server is listed, plus up to a fifth; zero lists it only when an operator asks for it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan Every { get; init; }
}

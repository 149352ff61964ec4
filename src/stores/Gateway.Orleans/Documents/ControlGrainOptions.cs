using System.ComponentModel.DataAnnotations;

namespace Gateway.Orleans.Documents;

/// <summary>How control documents are kept in grain storage; the same at every silo of a cluster.</summary>
public sealed record ControlGrainOptions
{
    /// <summary>
    /// What all documents together may take, 16 MiB by default: each change writes them anew. A grant takes some 500
    /// bytes; a change beyond the bound is refused.
    /// </summary>
    [Range(1024, 1L << 30)]
    public long BytesMax { get; init; } = 16 * 1024 * 1024;
}

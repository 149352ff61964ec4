using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Gateway.Orleans.Documents;

/// <summary>Generated validator for the ranges declared on the options.</summary>
[OptionsValidator]
internal sealed partial class ControlGrainOptionsValidator : IValidateOptions<ControlGrainOptions>;

/// <summary>Options for control documents in grain storage; they must be the same at every silo of a cluster.</summary>
public sealed record ControlGrainOptions
{
    /// <summary>
    /// Maximum bytes of all documents together, 16 MiB by default, because each change rewrites all of them. A grant
    /// takes about 500 bytes; a change beyond the bound is refused.
    /// </summary>
    [Range(1024, 1L << 30)]
    public long BytesMax { get; init; } = 16 * 1024 * 1024;
}

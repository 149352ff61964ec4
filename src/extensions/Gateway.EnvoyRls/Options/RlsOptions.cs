using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.EnvoyRls.Options;

/// <summary>Bounds of the rate limit service.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed class RlsOptions
{
    /// <summary>Longest message of a caller, in bytes; a longer one is refused (RESOURCE_EXHAUSTED).</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int MessageBytesMax { get; set; } = 64 * 1024;

    /// <summary>Descriptors of one request; one with more is refused (INVALID_ARGUMENT).</summary>
    [Range(1, 10_000)]
    public int DescriptorsMax { get; set; } = 100;

    /// <summary>Entries of one descriptor, and so levels of rules.</summary>
    [Range(1, 100)]
    public int EntriesMax { get; set; } = 32;

    /// <summary>Requests that are decided at once; a further one is refused (RESOURCE_EXHAUSTED).</summary>
    [Range(1, 1_000_000)]
    public int RequestsMax { get; set; } = 16_384;

    /// <summary>How long a request without <c>grpc-timeout</c> may take, and any at most.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan RequestTimeMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Charges that negative hits could give back, the latest; what came before them stays charged.
    /// </summary>
    [Range(0, 10_000_000)]
    public int RefundableMax { get; set; } = 100_000;

    /// <summary>Files of rules in a folder.</summary>
    [Range(1, 10_000)]
    public int FilesMax { get; set; } = 1000;

    /// <summary>Bytes of all files of rules together.</summary>
    [Range(1024, 1 << 30)]
    public int FileBytesMax { get; set; } = 16 * 1024 * 1024;

    /// <summary>Descriptors in all files of rules together, aliases of YAML counted as often as they stand.</summary>
    [Range(1, 10_000_000)]
    public int RulesMax { get; set; } = 100_000;

    /// <summary>
    /// Rules that the metrics tell apart, values included where a rule asks for them; the rest counts as
    /// <c>(other)</c>.
    /// </summary>
    [Range(1, 100_000)]
    public int MetricRulesMax { get; set; } = 1000;
}

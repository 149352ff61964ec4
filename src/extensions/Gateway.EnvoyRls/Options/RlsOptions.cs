using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.EnvoyRls.Options;

/// <summary>Bounds of the rate limit service.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed class RlsOptions
{
    /// <summary>Maximum length of a caller's message, in bytes; a longer one is refused (RESOURCE_EXHAUSTED).</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int MessageBytesMax { get; set; } = 64 * 1024;

    /// <summary>
    /// Maximum number of descriptors in one request; a request with more is refused (INVALID_ARGUMENT).
    /// </summary>
    [Range(1, 10_000)]
    public int DescriptorsMax { get; set; } = 100;

    /// <summary>Maximum number of entries in one descriptor, and therefore of rule levels.</summary>
    [Range(1, 100)]
    public int EntriesMax { get; set; } = 32;

    /// <summary>Maximum number of concurrent requests; a further one is refused (RESOURCE_EXHAUSTED).</summary>
    [Range(1, 1_000_000)]
    public int RequestsMax { get; set; } = 16_384;

    /// <summary>Timeout of a request without <c>grpc-timeout</c>, and upper bound of all timeouts.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan RequestTimeMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Maximum number of charges that negative hits can return; the oldest charges become final.</summary>
    [Range(0, 10_000_000)]
    public int RefundableMax { get; set; } = 100_000;

    /// <summary>Maximum number of rule files in a folder.</summary>
    [Range(1, 10_000)]
    public int FilesMax { get; set; } = 1000;

    /// <summary>Maximum bytes of all rule files together.</summary>
    [Range(1024, 1 << 30)]
    public int FileBytesMax { get; set; } = 16 * 1024 * 1024;

    /// <summary>Maximum number of descriptors in all rule files together; each use of a YAML alias counts.</summary>
    [Range(1, 10_000_000)]
    public int RulesMax { get; set; } = 100_000;

    /// <summary>
    /// Maximum number of rules that metrics distinguish, including values if a rule requests them; further ones count
    /// as <c>(other)</c>.
    /// </summary>
    [Range(1, 100_000)]
    public int MetricRulesMax { get; set; } = 1000;
}

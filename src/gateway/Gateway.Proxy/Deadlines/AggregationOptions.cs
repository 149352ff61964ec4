using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Proxy.Deadlines;

/// <summary>Several servers at one address.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record AggregationOptions
{
    /// <summary>How long a list waits for one server, which is then left out and named.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan ServerWait { get; init; } = TimeSpan.FromSeconds(10);
}

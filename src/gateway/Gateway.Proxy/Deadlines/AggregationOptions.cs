using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Proxy.Deadlines;

/// <summary>Options for several servers at one address.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record AggregationOptions
{
    /// <summary>
    /// The time that a list waits for one server. After that, the server is omitted and named in the response.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan ServerWait { get; init; } = TimeSpan.FromSeconds(10);
}

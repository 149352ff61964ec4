using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Proxy.InFlight;

/// <summary>Options of calls in flight (<c>max_in_flight</c>).</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record InFlightOptions
{
    /// <summary>
    /// The time for which a call without a response keeps its place after its client has left or its grant has ended:
    /// the server may still be working on it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan UnansweredMax { get; set; } = TimeSpan.FromMinutes(5);
}

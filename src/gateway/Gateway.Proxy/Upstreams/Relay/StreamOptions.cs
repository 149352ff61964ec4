using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>Options of event streams to agents.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record StreamOptions
{
    /// <summary>
    /// The interval between comments on an idle stream, so that no intermediary considers its connection dead.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:30")]
    public TimeSpan CommentEvery { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The time without a response from the server after which a tool call gets an event stream, if its client accepts
    /// one.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:50")]
    public TimeSpan CallAfter { get; set; } = TimeSpan.FromSeconds(20);
}

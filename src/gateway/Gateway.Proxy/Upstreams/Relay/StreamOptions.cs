using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>Event streams to agents.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record StreamOptions
{
    /// <summary>
    /// How often an idle stream gets a comment, so that no intermediary takes its connection for dead.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:30")]
    public TimeSpan CommentEvery { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A tool call whose client accepts event streams gets one after this time without a response of the server.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:50")]
    public TimeSpan CallAfter { get; set; } = TimeSpan.FromSeconds(20);
}

using Gateway.Proxy.Upstreams;

namespace Gateway.Proxy.Calls;

/// <summary>Why a call that was sent, or about to be, has no answer.</summary>
/// <param name="Ended">What the record says of it.</param>
/// <param name="Failure">What the server, or the way to it, did; null where the agent left or its grant ended.</param>
internal sealed record MissingAnswer(string Ended, UpstreamException? Failure = null)
{
    public static MissingAnswer ClientGone { get; } = new("client gone");

    public static MissingAnswer PlaceLost { get; } = new("place in flight lost");

    public static MissingAnswer TimedOut { get; } = new("timed out");

    public static MissingAnswer GrantEnded { get; } = new("grant ended");
}

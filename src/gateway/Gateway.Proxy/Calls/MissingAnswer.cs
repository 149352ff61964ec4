using Gateway.Proxy.Upstreams;

namespace Gateway.Proxy.Calls;

/// <summary>The reason why a call that was sent, or was about to be, has no response.</summary>
/// <param name="Ended">The end of the call, as the record names it.</param>
/// <param name="Failure">
/// The failure of the server or of the connection to it; null if the agent left or its grant ended.
/// </param>
internal sealed record MissingAnswer(string Ended, UpstreamException? Failure = null)
{
    public static MissingAnswer ClientGone { get; } = new("client gone");

    public static MissingAnswer PlaceLost { get; } = new("place in flight lost");

    public static MissingAnswer TimedOut { get; } = new("timed out");

    public static MissingAnswer GrantEnded { get; } = new("grant ended");
}

using Gateway.Policy.Text;

namespace Gateway.Control.Health;

/// <summary>The operator's choice for the loss of the control store: <c>deny</c>, or <c>last-known:30s</c>.</summary>
public static class ControlLossChoice
{
    /// <summary>The default: no call goes on.</summary>
    public const string Deny = "deny";

    /// <summary>The permitted values, for messages.</summary>
    public const string Rule = "\"deny\", or \"last-known:\" and a length of at most 60s, such as \"last-known:30s\"";

    private const string LastKnown = "last-known:";

    /// <summary>Reads how long calls without limits go on; zero for <c>deny</c>.</summary>
    public static bool TryRead(string text, out TimeSpan lastKnownFor)
    {
        ArgumentNullException.ThrowIfNull(text);
        lastKnownFor = TimeSpan.Zero;
        return text == Deny
            || (text.StartsWith(LastKnown, StringComparison.Ordinal)
                && WrittenTime.TryLength(text[LastKnown.Length..], out lastKnownFor)
                && lastKnownFor <= ControlLoss.LastKnownMax);
    }
}

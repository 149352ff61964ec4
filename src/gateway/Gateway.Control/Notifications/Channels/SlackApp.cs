namespace Gateway.Control.Notifications.Channels;

/// <summary>The settings of a Slack app's channel, except for the address of Slack's API.</summary>
public sealed record SlackApp
{
    /// <summary>The app's bot token, <c>xoxb-…</c>, encrypted.</summary>
    public required string SealedToken { get; init; }

    /// <summary>The secret with which Slack signs its requests, encrypted.</summary>
    public required string SealedSigningSecret { get; init; }

    /// <summary>The id of the Slack channel to which messages go, such as <c>C0123456789</c>.</summary>
    public required string Conversation { get; init; }

    /// <summary>Operators by their Slack identity, <c>TEAM/USER</c>; buttons of other people have no effect.</summary>
    public required IReadOnlyDictionary<string, string> People { get; init; }

    /// <summary>Returns the path to which Slack posts for a channel, below the operators' address.</summary>
    public static string PathOf(string channel) => $"/channels/{channel}/slack";
}

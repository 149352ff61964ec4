namespace Gateway.Control.Notifications.Channels;

/// <summary>What a channel of a Slack app has besides the address of Slack's API.</summary>
public sealed record SlackApp
{
    /// <summary>The app's bot token, <c>xoxb-…</c>, encrypted.</summary>
    public required string SealedToken { get; init; }

    /// <summary>What Slack signs its requests with, encrypted.</summary>
    public required string SealedSigningSecret { get; init; }

    /// <summary>The id of the Slack channel that messages go to, such as <c>C0123456789</c>.</summary>
    public required string Conversation { get; init; }

    /// <summary>Operators by who they are at Slack, <c>TEAM/USER</c>; nobody else's buttons do anything.</summary>
    public required IReadOnlyDictionary<string, string> People { get; init; }

    /// <summary>Returns the path that Slack posts to for a channel, below the operators' address.</summary>
    public static string PathOf(string channel) => $"/channels/{channel}/slack";
}

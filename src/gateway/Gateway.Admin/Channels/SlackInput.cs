namespace Gateway.Admin.Channels;

/// <summary>The Slack app of a channel that is wanted.</summary>
internal sealed record SlackInput
{
    /// <summary>The app's bot token, <c>xoxb-…</c>; encrypted at rest, never shown again.</summary>
    public required string Token { get; init; }

    /// <summary>What Slack signs its requests with, from the app's page; likewise.</summary>
    public required string SigningSecret { get; init; }

    /// <summary>The id of the Slack channel that messages go to, such as <c>C0123456789</c>.</summary>
    public required string Conversation { get; init; }

    /// <summary>
    /// Operators by who they are at Slack, <c>TEAM/USER</c>, such as <c>T0123456789/U0123456789</c>. At most 100; none:
    /// messages have no buttons that answer.
    /// </summary>
    public IReadOnlyDictionary<string, string>? People { get; init; }
}

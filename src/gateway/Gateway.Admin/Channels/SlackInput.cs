namespace Gateway.Admin.Channels;

/// <summary>The Slack app of a new channel.</summary>
internal sealed record SlackInput
{
    /// <summary>The app's bot token, <c>xoxb-…</c>; encrypted at rest and never shown again.</summary>
    public required string Token { get; init; }

    /// <summary>
    /// The secret with which Slack signs its requests, from the app's page; encrypted and never shown again.
    /// </summary>
    public required string SigningSecret { get; init; }

    /// <summary>The id of the Slack channel that messages go to, such as <c>C0123456789</c>.</summary>
    public required string Conversation { get; init; }

    /// <summary>
    /// Operators by their Slack identity, <c>TEAM/USER</c>, such as <c>T0123456789/U0123456789</c>. At most 100; if
    /// empty, messages have no buttons.
    /// </summary>
    public IReadOnlyDictionary<string, string>? People { get; init; }
}

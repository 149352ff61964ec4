namespace Gateway.Admin.Channels;

/// <summary>The Slack app of a channel as operators see it; its secrets are never shown.</summary>
/// <param name="Conversation">The id of the Slack channel that messages go to.</param>
/// <param name="People">Operators by their Slack identity.</param>
/// <param name="RequestPath">The path that Slack posts to, below the operator's address.</param>
internal sealed record SlackView(
    string Conversation, IReadOnlyDictionary<string, string> People, string RequestPath);

using Gateway.Control.Contracts;
using Gateway.Control.Notifications.Channels;

namespace Gateway.Admin.Channels;

/// <summary>A channel as operators see it; its address and secret are never shown.</summary>
internal sealed record ChannelView : ChannelSpec
{
    /// <summary>The name of the channel.</summary>
    public string Name { get; init; } = "";

    /// <summary>The format of its messages.</summary>
    public ChannelKind Kind { get; init; }

    /// <summary>The host of its address; null if it cannot be decrypted.</summary>
    public string? Host { get; init; }

    /// <summary>True if messages contain the arguments of calls.</summary>
    public bool IncludesArguments { get; init; }

    /// <summary>True if its address may be in a private network.</summary>
    public bool AllowsPrivate { get; init; }

    /// <summary>The number of messages that are being sent or are queued.</summary>
    public int Pending { get; init; }

    /// <summary>The number of messages of the last 24 hours that are no longer retried.</summary>
    public int Dead { get; init; }

    /// <summary>The reason why the last of those failed; null if there are none.</summary>
    public string? Problem { get; init; }

    /// <summary>The Slack app; null for any other kind.</summary>
    public SlackView? Slack { get; init; }
}

/// <summary>The Slack app of a channel as operators see it; its secrets are never shown.</summary>
/// <param name="Conversation">The id of the Slack channel that messages go to.</param>
/// <param name="People">Operators by their Slack identity.</param>
/// <param name="RequestPath">The path that Slack posts to, below the operator's address.</param>
internal sealed record SlackView(
    string Conversation, IReadOnlyDictionary<string, string> People, string RequestPath);

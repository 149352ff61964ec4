using Gateway.Control.Contracts;

namespace Gateway.Control.Notifications.Channels;

/// <summary>A channel as the control store keeps it; its name is the document's.</summary>
public sealed record ChannelDocument : ChannelSpec
{
    /// <summary>The form of its messages.</summary>
    public required ChannelKind Kind { get; init; }

    /// <summary>Where messages are posted, encrypted: with Slack and Teams the address is the secret.</summary>
    public required string SealedUrl { get; init; }

    /// <summary>
    /// What a webhook's messages are signed with, encrypted, the newest first; each of them signs until it is over.
    /// </summary>
    public required IReadOnlyList<ChannelSecret> Secrets { get; init; }

    /// <summary>Whether the address may be one of a private network, or of this machine.</summary>
    public bool AllowsPrivate { get; init; }

    /// <summary>The Slack app; null for any other kind.</summary>
    public SlackApp? Slack { get; init; }

    /// <summary>Whether messages carry the arguments of calls.</summary>
    public bool IncludesArguments { get; init; }
}

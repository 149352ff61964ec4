using Gateway.Control.Contracts;

namespace Gateway.Control.Notifications.Channels;

/// <summary>A channel as the control store keeps it; its name is the document's.</summary>
public sealed record ChannelDocument : ChannelSpec
{
    /// <summary>The form of its messages.</summary>
    public required ChannelKind Kind { get; init; }

    /// <summary>
    /// The address to which messages are posted, encrypted: for Slack and Teams the address is the secret.
    /// </summary>
    public required string SealedUrl { get; init; }

    /// <summary>
    /// The secrets that sign a webhook's messages, encrypted, the newest first; each signs until it expires.
    /// </summary>
    public required IReadOnlyList<ChannelSecret> Secrets { get; init; }

    /// <summary>True if the address may be in a private network, or on this machine.</summary>
    public bool AllowsPrivate { get; init; }

    /// <summary>The Slack app; null for any other kind.</summary>
    public SlackApp? Slack { get; init; }

    /// <summary>True if messages contain the arguments of calls.</summary>
    public bool IncludesArguments { get; init; }
}

/// <summary>One secret of a webhook.</summary>
/// <param name="Sealed">The secret, <c>whsec_…</c>, encrypted.</param>
/// <param name="UntilMs">The end of its use in Unix milliseconds; null for the newest.</param>
public sealed record ChannelSecret(string Sealed, long? UntilMs = null);

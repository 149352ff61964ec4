using Gateway.Control.Contracts;
using Gateway.Control.Notifications.Channels;

namespace Gateway.Admin.Channels;

/// <summary>A channel as operators see it; its address and secret are never shown.</summary>
internal sealed record ChannelView : ChannelSpec
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The form of its messages.</summary>
    public ChannelKind Kind { get; init; }

    /// <summary>The host of its address; null where that cannot be decrypted.</summary>
    public string? Host { get; init; }

    /// <summary>Whether messages carry the arguments of calls.</summary>
    public bool IncludesArguments { get; init; }

    /// <summary>Whether its address may be in a private network.</summary>
    public bool AllowsPrivate { get; init; }

    /// <summary>Messages that are tried, or wait to be.</summary>
    public int Pending { get; init; }

    /// <summary>Messages that nobody tries any more, of the last 24 hours.</summary>
    public int Dead { get; init; }

    /// <summary>Why the last of those failed; null where none did.</summary>
    public string? Problem { get; init; }

    /// <summary>The Slack app; null for any other kind.</summary>
    public SlackView? Slack { get; init; }
}

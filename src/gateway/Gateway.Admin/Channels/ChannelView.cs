using Gateway.Control.Notifications.Channels;

namespace Gateway.Admin.Channels;

/// <summary>A channel as operators see it; its address and secret are never shown.</summary>
/// <param name="Name">The name of the channel.</param>
/// <param name="Kind">The format of its messages.</param>
/// <param name="Host">The host of its address; null if it cannot be decrypted.</param>
/// <param name="Servers">Only these servers; empty for all.</param>
/// <param name="Tools">Only these tools; empty for all.</param>
/// <param name="Grants">Only these grants; empty for all.</param>
/// <param name="IncludesArguments">True if messages contain the arguments of calls.</param>
/// <param name="AllowsPrivate">True if its address may be in a private network.</param>
/// <param name="Pending">The number of messages that are being sent or are queued.</param>
/// <param name="Dead">The number of messages of the last 24 hours that are no longer retried.</param>
/// <param name="Problem">The reason why the last of those failed; null if there are none.</param>
internal sealed record ChannelView(
    string Name,
    ChannelKind Kind,
    string? Host,
    IReadOnlyList<string> Servers,
    IReadOnlyList<string> Tools,
    IReadOnlyList<string> Grants,
    bool IncludesArguments,
    bool AllowsPrivate,
    int Pending,
    int Dead,
    string? Problem)
{
    /// <summary>Only these types of messages; empty for all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Only tools of these categories; empty for all.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Only tools of these risks; empty for all.</summary>
    public IReadOnlyList<string> Risks { get; init; } = [];

    /// <summary>The Slack app; null for any other kind.</summary>
    public SlackView? Slack { get; init; }

    /// <summary>The base address of links in messages; null if they have none.</summary>
    public string? LinkBase { get; init; }
}

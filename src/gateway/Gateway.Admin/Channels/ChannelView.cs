using Gateway.Control.Notifications.Channels;

namespace Gateway.Admin.Channels;

/// <summary>A channel as operators see it; its address and secret are never shown.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">The form of its messages.</param>
/// <param name="Host">The host of its address; null where that cannot be decrypted.</param>
/// <param name="Servers">Only of these; none: of all.</param>
/// <param name="Tools">Likewise.</param>
/// <param name="Grants">Likewise.</param>
/// <param name="IncludesArguments">Whether messages carry the arguments of calls.</param>
/// <param name="AllowsPrivate">Whether its address may be in a private network.</param>
/// <param name="Pending">Messages that are tried, or wait to be.</param>
/// <param name="Dead">Messages that nobody tries any more, of the last 24 hours.</param>
/// <param name="Problem">Why the last of those failed; null where none did.</param>
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
    /// <summary>Only of these types of message; none: of all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Only of tools of these categories; none: of all.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Only of tools of these risks; none: of all.</summary>
    public IReadOnlyList<string> Risks { get; init; } = [];

    /// <summary>The Slack app; null for any other kind.</summary>
    public SlackView? Slack { get; init; }

    /// <summary>What the links in messages begin with; null where they have none.</summary>
    public string? LinkBase { get; init; }
}

namespace Gateway.Control.Notifications.Channels;

/// <summary>A channel as the control store keeps it; its name is the document's.</summary>
public sealed record ChannelDocument
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

    /// <summary>
    /// The operator's address as those who read the messages reach it; with it, messages have a link. Null for none.
    /// </summary>
    public string? LinkBase { get; init; }

    /// <summary>The Slack app; null for any other kind.</summary>
    public SlackApp? Slack { get; init; }

    /// <summary>Whether messages carry the arguments of calls.</summary>
    public bool IncludesArguments { get; init; }

    /// <summary>Only of these types, such as <c>approval.asked</c>; patterns with <c>*</c>. None: of all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Only of these servers; names or patterns with <c>*</c>. None: of all.</summary>
    public required IReadOnlyList<string> Servers { get; init; }

    /// <summary>Only of these tools, likewise.</summary>
    public required IReadOnlyList<string> Tools { get; init; }

    /// <summary>Only of tools of these categories, such as <c>Financial</c>. None: of all.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Only of tools of these risks, such as <c>Critical</c>. None: of all.</summary>
    public IReadOnlyList<string> Risks { get; init; } = [];

    /// <summary>Only of these grants, likewise.</summary>
    public required IReadOnlyList<string> Grants { get; init; }
}

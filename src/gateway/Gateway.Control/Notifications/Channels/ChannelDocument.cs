namespace Gateway.Control.Notifications.Channels;

/// <summary>A channel as the control store keeps it; its name is the document's.</summary>
public sealed record ChannelDocument
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

    /// <summary>
    /// The operators' address as the readers of the messages reach it; with it, messages have a link. Null for none.
    /// </summary>
    public string? LinkBase { get; init; }

    /// <summary>The Slack app; null for any other kind.</summary>
    public SlackApp? Slack { get; init; }

    /// <summary>True if messages contain the arguments of calls.</summary>
    public bool IncludesArguments { get; init; }

    /// <summary>
    /// The types of notifications, such as <c>approval.asked</c>; patterns with <c>*</c>. Empty for all.
    /// </summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>The servers of notifications; names or patterns with <c>*</c>. Empty for all.</summary>
    public required IReadOnlyList<string> Servers { get; init; }

    /// <summary>The tools of notifications; names or patterns with <c>*</c>. Empty for all.</summary>
    public required IReadOnlyList<string> Tools { get; init; }

    /// <summary>The categories of the tools, such as <c>Financial</c>. Empty for all.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>The risks of the tools, such as <c>Critical</c>. Empty for all.</summary>
    public IReadOnlyList<string> Risks { get; init; } = [];

    /// <summary>The grants of notifications; names or patterns with <c>*</c>. Empty for all.</summary>
    public required IReadOnlyList<string> Grants { get; init; }
}

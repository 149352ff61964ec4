using Gateway.Control.Notifications.Channels;

namespace Gateway.Admin.Channels;

/// <summary>The configuration of a new channel.</summary>
internal sealed record ChannelInput
{
    /// <summary>1 to 64 letters, digits, dots, hyphens and underscores.</summary>
    public required string Name { get; init; }

    /// <summary><c>webhook</c>, <c>slack</c>, <c>slack-app</c>, <c>teams</c> or <c>email</c>.</summary>
    public required ChannelKind Kind { get; init; }

    /// <summary>
    /// The address that messages are posted to: <c>https</c>, or <c>http</c> with <see cref="AllowPrivate"/>. For a
    /// Slack app, the address of Slack's API, <c>https://slack.com/api</c>.
    /// </summary>
    public required string Url { get; init; }

    /// <summary>The Slack app; only for that kind.</summary>
    public SlackInput? Slack { get; init; }

    /// <summary>
    /// Only these types, such as <c>approval.asked</c> or <c>budget.*</c>; by default all. At most 100.
    /// </summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>Only these servers; patterns with <c>*</c> and <c>?</c>; by default all. At most 100.</summary>
    public IReadOnlyList<string>? Servers { get; init; }

    /// <summary>Only these tools; patterns likewise.</summary>
    public IReadOnlyList<string>? Tools { get; init; }

    /// <summary>
    /// Only tools of these categories: <c>Read</c>, <c>Write</c>, <c>Execute</c>, <c>Destructive</c>, <c>Financial</c>,
    /// <c>Secret</c>; by default all. Unknown tools always pass.
    /// </summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Only tools of these risks: <c>Low</c>, <c>Medium</c>, <c>High</c>, <c>Critical</c>.</summary>
    public IReadOnlyList<string>? Risks { get; init; }

    /// <summary>Only these grants; patterns likewise.</summary>
    public IReadOnlyList<string>? Grants { get; init; }

    /// <summary>
    /// The operator's address as the recipients reach it, such as <c>https://gateway.example.com</c>; it adds a link to
    /// messages. <c>http</c> only for this machine.
    /// </summary>
    public string? LinkBase { get; init; }

    /// <summary>True if messages contain the arguments of calls, truncated to 2,000 characters.</summary>
    public bool IncludeArguments { get; init; }

    /// <summary>True if the address may be in a private network, or on this machine.</summary>
    public bool AllowPrivate { get; init; }
}

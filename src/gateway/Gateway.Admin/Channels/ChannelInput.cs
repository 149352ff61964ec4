using Gateway.Control.Notifications.Channels;

namespace Gateway.Admin.Channels;

/// <summary>A channel that is wanted.</summary>
internal sealed record ChannelInput
{
    /// <summary>1 to 64 letters, digits, dots, hyphens and underscores.</summary>
    public required string Name { get; init; }

    /// <summary><c>webhook</c>, <c>slack</c>, <c>slack-app</c>, <c>teams</c> or <c>email</c>.</summary>
    public required ChannelKind Kind { get; init; }

    /// <summary>
    /// Where messages are posted: <c>https</c>, or <c>http</c> with <see cref="AllowPrivate"/>. Of a Slack app the
    /// address of Slack's API, <c>https://slack.com/api</c>.
    /// </summary>
    public required string Url { get; init; }

    /// <summary>The Slack app; for that kind alone.</summary>
    public SlackInput? Slack { get; init; }

    /// <summary>
    /// Only of these types, such as <c>approval.asked</c> or <c>budget.*</c>. Left out: of all. At most 100.
    /// </summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>Only of these servers; patterns with <c>*</c> and <c>?</c>. Left out: of all. At most 100.</summary>
    public IReadOnlyList<string>? Servers { get; init; }

    /// <summary>Only of these tools, likewise.</summary>
    public IReadOnlyList<string>? Tools { get; init; }

    /// <summary>
    /// Only of tools of these categories: <c>Read</c>, <c>Write</c>, <c>Execute</c>, <c>Destructive</c>,
    /// <c>Financial</c>, <c>Secret</c>. Left out: of all; a tool of which nothing is known passes.
    /// </summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Only of tools of these risks: <c>Low</c>, <c>Medium</c>, <c>High</c>, <c>Critical</c>.</summary>
    public IReadOnlyList<string>? Risks { get; init; }

    /// <summary>Only of these grants, likewise.</summary>
    public IReadOnlyList<string>? Grants { get; init; }

    /// <summary>
    /// The operator's address as those who read the messages reach it, such as <c>https://gateway.example.com</c>; with
    /// it messages have a link. <c>http</c> for this machine only.
    /// </summary>
    public string? LinkBase { get; init; }

    /// <summary>Whether messages carry the arguments of calls, cut at 2,000 characters.</summary>
    public bool IncludeArguments { get; init; }

    /// <summary>Whether the address may be in a private network, or on this machine.</summary>
    public bool AllowPrivate { get; init; }
}

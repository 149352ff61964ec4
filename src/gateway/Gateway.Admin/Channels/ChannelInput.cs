using Gateway.Control.Contracts;
using Gateway.Control.Notifications.Channels;

namespace Gateway.Admin.Channels;

/// <summary>A channel that is wanted.</summary>
internal sealed record ChannelInput : ChannelSpec
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

    /// <summary>Whether messages carry the arguments of calls, cut at 2,000 characters.</summary>
    public bool IncludeArguments { get; init; }

    /// <summary>Whether the address may be in a private network, or on this machine.</summary>
    public bool AllowPrivate { get; init; }
}

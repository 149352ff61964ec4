using Gateway.Control.Contracts;
using Gateway.Control.Notifications.Channels;

namespace Gateway.Admin.Channels;

/// <summary>The configuration of a new channel.</summary>
internal sealed record ChannelInput : ChannelSpec
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

    /// <summary>True if messages contain the arguments of calls, truncated to 2,000 characters.</summary>
    public bool IncludeArguments { get; init; }

    /// <summary>True if the address may be in a private network, or on this machine.</summary>
    public bool AllowPrivate { get; init; }
}

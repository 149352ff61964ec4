using System.Collections.Immutable;
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

/// <summary>The members of a channel that can change: a merge patch names those that do.</summary>
internal sealed record ChannelPatch : ChannelSpec
{
    /// <summary>The declared members.</summary>
    public static new ImmutableArray<SpecMember> Members { get; } = SpecMember.Of(ChannelJson.Default.ChannelPatch);

    /// <summary>The address; an absent one stays, since it is never shown.</summary>
    [Member("The address for messages: https, or http with --allow-private. It is stored encrypted and never shown, "
        + "because for some kinds the address is the secret. For a Slack app: https://slack.com/api. For mail: "
        + "smtp://USER:PASSWORD@HOST:587/?from=ADDRESS&to=ADDRESS, or smtps:// with port 465.",
        LengthMin = 1, Placeholder = "URL", Order = 1)]
    public string? Url { get; init; }

    /// <summary>True if messages contain the arguments of calls, truncated to 2,000 characters.</summary>
    [Member("Include the arguments of calls in messages.", Placeholder = "", Order = 2)]
    public bool? IncludeArguments { get; init; }

    /// <summary>True if the address may be in a private network, or on this machine.</summary>
    [Member("Allow an address in a private network, or on the gateway's own machine.", Placeholder = "", Order = 3)]
    public bool? AllowPrivate { get; init; }
}

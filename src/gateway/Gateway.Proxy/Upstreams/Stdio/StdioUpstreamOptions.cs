using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Gateway.Control.Contracts;
using Gateway.Control.Definitions;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>A program that is an MCP server on its standard input and output, and the bounds of its children.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record StdioUpstreamOptions
{
    /// <summary>The registered server's name.</summary>
    public required string ServerName { get; init; }

    /// <summary>A path, or a name that is sought on <c>PATH</c>.</summary>
    public required string Command { get; init; }

    /// <summary>Its arguments as they are; no shell reads them.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>
    /// Its environment. Of the gateway's own it has <c>PATH</c>, <c>HOME</c> and <c>LANG</c>, where they are not set
    /// here, and nothing else.
    /// </summary>
    public ImmutableArray<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Its working directory, absolute; null for the gateway's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Whom it runs as; null: the gateway's own user.</summary>
    public ProgramUser? User { get; init; }

    /// <summary>What the system lets each child take.</summary>
    public ProgramLimits Limits { get; init; } = ProgramLimits.None;

    /// <summary>The most children of this server at once. 64.</summary>
    [Range(1, ServerFile.ChildrenBound)]
    public int ChildrenMax { get; init; } = ServerFile.ChildrenDefault;

    /// <summary>The most requests under way at one child. 256.</summary>
    [Range(1, 1_000_000)]
    public int CallsPerChildMax { get; init; } = 256;

    /// <summary>The most messages that wait for one child to read them. 1,024.</summary>
    [Range(1, 1_000_000)]
    public int LinesMax { get; init; } = 1024;

    /// <summary>The longest line that a child may send, in bytes; a longer one ends it. 16 MiB.</summary>
    [Range(1024, 1 << 30)]
    public int LineBytesMax { get; init; } = ResponseRelay.JudgedBytesMax;

    /// <summary>How long a child stays that nobody uses. 30 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "7.00:00:00")]
    public TimeSpan IdleMax { get; init; } = TimeSpan.FromSeconds(ServerFile.IdleSecondsDefault);

    /// <summary>How long a session stays to which no message came after its first. 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan UnconfirmedMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a child without a call under way is safe from having to make room. 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MakeRoomAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a child has to end by itself once its input is closed, and again after SIGTERM. 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long <c>server/discover</c> may stay unanswered: programs of older revisions may not answer it at all. 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan DiscoverMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait after a first failed start; it doubles with each further one. 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait after failed starts. 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromSeconds(30);
}

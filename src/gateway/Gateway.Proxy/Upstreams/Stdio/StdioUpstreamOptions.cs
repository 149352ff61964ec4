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

    /// <summary>A path, or a name that is searched on <c>PATH</c>.</summary>
    public required string Command { get; init; }

    /// <summary>The arguments, verbatim; no shell interprets them.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>
    /// The environment. From the gateway's own, it inherits only <c>PATH</c>, <c>HOME</c> and <c>LANG</c>, unless they
    /// are set here.
    /// </summary>
    public ImmutableArray<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>The absolute working directory; null uses the gateway's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The user that it runs as; null uses the gateway's own user.</summary>
    public ProgramUser? User { get; init; }

    /// <summary>The system limits of each child.</summary>
    public ProgramLimits Limits { get; init; } = ProgramLimits.None;

    /// <summary>The maximum number of children of this server. 64.</summary>
    [Range(1, ServerFile.ChildrenBound)]
    public int ChildrenMax { get; init; } = ServerFile.ChildrenDefault;

    /// <summary>The maximum number of open requests per child. 256.</summary>
    [Range(1, 1_000_000)]
    public int CallsPerChildMax { get; init; } = 256;

    /// <summary>The maximum number of messages that wait for one child to read them. 1,024.</summary>
    [Range(1, 1_000_000)]
    public int LinesMax { get; init; } = 1024;

    /// <summary>The maximum length of a line from a child, in bytes; a longer one ends the child. 16 MiB.</summary>
    [Range(1024, 1 << 30)]
    public int LineBytesMax { get; init; } = ResponseRelay.EvaluatedBytesMax;

    /// <summary>The time after which an unused child ends. 30 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "7.00:00:00")]
    public TimeSpan IdleMax { get; init; } = TimeSpan.FromSeconds(ServerFile.IdleSecondsDefault);

    /// <summary>The time after which a session without a second message ends. 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan UnconfirmedMax { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The time for which a child without an open call cannot be evicted. 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MakeRoomAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time for a child to end by itself once its input is closed, and again after SIGTERM. 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The maximum time for a response to <c>server/discover</c>: programs of older revisions may never respond. 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan DiscoverMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The delay after a first failed start; it doubles with each further one. 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The maximum delay after failed starts. 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromSeconds(30);
}

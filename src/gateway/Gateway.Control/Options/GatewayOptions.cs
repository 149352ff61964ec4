using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Gateway.Audit.Arguments;
using Gateway.Audit.Writing;
using Gateway.Control.Authenticity;
using Gateway.Mcp.Reading;
using Microsoft.Extensions.Options;

namespace Gateway.Control.Options;

/// <summary>What a gateway process is started with; every bound that the edge enforces stands here.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed class GatewayOptions
{
    /// <summary>Where the journal, the audit log and (later) the control documents live; made if absent.</summary>
    public string DataDirectory { get; set; } = ".gateway";

    /// <summary>The configuration file; null where everything comes over the API.</summary>
    public string? ConfigPath { get; set; }

    /// <summary>How documents of the control store are authenticated; null where they are not.</summary>
    public StoreKeyOptions? StoreKey { get; set; }

    /// <summary>What the process was started with; empty where it was started by no command line.</summary>
    public IReadOnlyList<EffectiveSetting> Settings { get; set; } = [];

    /// <summary>The address under which agents reach the gateway, before <c>publicUrl</c> of the file.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>
    /// The address under which people reach the console, without <c>/console</c>; null tells agents no link to a call
    /// that waits for a person.
    /// </summary>
    public Uri? ConsoleUrl { get; set; }

    /// <summary>
    /// Admin addresses of the fleet's frontends. A replay sends the key of its request to these only. Each is https, or
    /// http on loopback.
    /// </summary>
    public IReadOnlyList<Uri> Fleet { get; set; } = [];

    /// <summary>Link-local and cloud metadata networks that outbound connections may reach.</summary>
    public IReadOnlyList<IPNetwork> AllowedAddresses { get; set; } = [];

    /// <summary>Looks up what <c>${NAME}</c> in the configuration file stands for.</summary>
    public Func<string, string?> Environment { get; set; } = System.Environment.GetEnvironmentVariable;

    /// <summary>
    /// How long the gateway goes on serving clients that hold connections after it was asked to stop, so that each can
    /// leave by itself; about that long in all, less where nobody is connected. Zero stops at once.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainGrace { get; set; }

    /// <summary>
    /// How long calls without limits and without approval go on by what was last known of grants and policies when the
    /// shared control store cannot be reached; zero, the default, refuses them. At most 60 s: a revoked or paused grant
    /// is served that much longer.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan LastKnownFor { get; set; }

    /// <summary>
    /// Whether a process that has decided calls stays ready while the shared store is away, to say so to each agent.
    /// </summary>
    public bool ReadyWhileStoreAway { get; set; }

    /// <summary>Whether the admin listener serves the MCP server for operators' agents.</summary>
    public bool AdminMcp { get; set; }

    /// <summary>
    /// How long a call that its server has not answered keeps its place after its client has left or its grant has
    /// ended: the server may be at work on it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan InFlightUnansweredMax { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Bytes that requests and answers may hold, all together; a grant a third of it, requests without one a
    /// sixteenth. Null takes a quarter of the memory that this process may use.
    /// </summary>
    [Range(1, double.MaxValue)]
    public long? MemoryBytesMax { get; set; }

    /// <summary>How the audit log is written; where it is follows from <see cref="DataDirectory"/>.</summary>
    [ValidateObjectMembers]
    public AuditLogOptions Audit { get; set; } = new();

    /// <summary>The same in the data directory.</summary>
    public AuditLogOptions ToAuditLog() =>
        Audit with { Directory = Path.Combine(DataDirectory, "audit"), IsInline = IsInline };

    /// <summary>How values are kept where a policy says <c>record_arguments</c>.</summary>
    [ValidateObjectMembers]
    public RecordedArgumentsOptions RecordedArguments { get; set; } = new();

    /// <summary>The same in the data directory.</summary>
    public RecordedArgumentsOptions ToRecordedArguments() =>
        RecordedArguments with { Directory = Path.Combine(DataDirectory, "arguments") };

    /// <summary>
    /// True where work goes on on the thread that finished waiting for it (<c>--io inline</c>): less CPU time a call,
    /// and nothing on a call's way may block.
    /// </summary>
    public bool IsInline { get; set; }

    /// <summary>How long a request that was used or denied is still listed.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan ApprovalHistory { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How this executable supervises the programs of servers on standard input and output; null where the host cannot,
    /// and such servers are refused.
    /// </summary>
    public SupervisorStart? Supervisor { get; set; }

    /// <summary>The most programs that run at once, of all servers.</summary>
    [Range(1, int.MaxValue)]
    public int ProgramsMax { get; set; } = 256;

    /// <summary>
    /// How often a server is asked what it offers, with up to a fifth on top; zero asks only where an operator does.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan InventoryEvery { get; set; }

    /// <summary>
    /// How long a list of several servers at one address waits for one of them; it is left out then, and named.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan AggregateWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often an agent's event stream that brings nothing gets a comment, so that nothing in between takes
    /// the connection for dead.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:30")]
    public TimeSpan StreamCommentEvery { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>After so long without a response of the server, a tool call whose client takes event streams is
    /// answered with one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:50")]
    public TimeSpan StreamCallAfter { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the history of changes and the versions of policies are kept: 13 months.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan HistoryAge { get; set; } = TimeSpan.FromDays(397);

    /// <summary>Changes that a previous release finds in the history, the latest.</summary>
    [Range(1, 10_000)]
    public int HistoryMax { get; set; } = 1000;

    /// <summary>Bounds of signing in with an OpenID Connect provider.</summary>
    [ValidateObjectMembers]
    public ProviderOptions Providers { get; set; } = new();

    /// <summary>Bounds of the gateway as an authorization server.</summary>
    [ValidateObjectMembers]
    public OAuthServerOptions OAuth { get; set; } = new();

    /// <summary>Bounds of the figures of calls and refusals over time.</summary>
    [ValidateObjectMembers]
    public UsageOptions Usage { get; set; } = new();

}

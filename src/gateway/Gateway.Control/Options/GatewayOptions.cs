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

    /// <summary>Tool calls a minute of one operator's agents at that server; a further one is refused.</summary>
    [Range(1, 100_000)]
    public int AdminMcpCallsPerMinuteMax { get; set; } = 120;

    /// <summary>Longest result of a tool of that server, in bytes; a longer one is refused.</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int AdminMcpResultBytesMax { get; set; } = 256 * 1024;

    /// <summary>Largest request body in bytes; a larger one is refused with 413 before it is read whole.</summary>
    [Range(1024, 1 << 30)]
    public int BodyBytesMax { get; set; } = McpReadOptions.Default.BodyBytesMax;

    /// <summary>
    /// Longest message of a server, in bytes, that the <c>results</c> of a policy judge; a longer one is denied.
    /// </summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int ResultBytesMax { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// Calls of one grant whose streams can be resumed where a policy has <c>results</c>, the latest; the answer to
    /// another one is denied there.
    /// </summary>
    [Range(1, 1 << 20)]
    public int ResumableCallsMax { get; set; } = 1024;

    /// <summary>
    /// How often the place of a call in flight is renewed (<c>max_in_flight</c>); one that is not for 25 s is given up,
    /// and its call ended.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:10")]
    public TimeSpan InFlightRenewEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a call that its server has not answered keeps its place after its client has left or its grant has
    /// ended: the server may be at work on it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan InFlightUnansweredMax { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Tools of one grant whose <c>outputSchema</c> is remembered where a policy has <c>results</c>, the latest that
    /// lists showed it.
    /// </summary>
    [Range(1, 65_536)]
    public int OutputSchemasMax { get; set; } = 256;

    /// <summary>
    /// Bytes that requests and answers may hold, all together; a grant a third of it, requests without one a
    /// sixteenth. Null takes a quarter of the memory that this process may use.
    /// </summary>
    [Range(1, double.MaxValue)]
    public long? MemoryBytesMax { get; set; }

    /// <summary>Deepest nesting of a message; a deeper one is refused with 400.</summary>
    [Range(1, 1000)]
    public int DepthMax { get; set; } = McpReadOptions.Default.DepthMax;

    /// <summary>
    /// How often one call may take a new permit because the last one's window ended before the first byte.
    /// </summary>
    [Range(1, 100)]
    public int PermitAttemptsMax { get; set; } = 3;

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

    /// <summary>Replays of the record (<c>/api/v1/backtests</c>) that run at once; a further one is refused.</summary>
    [Range(1, 16)]
    public int BacktestsRunningMax { get; set; } = 2;

    /// <summary>Replays that are listed, ended ones included; the oldest of those makes room.</summary>
    [Range(1, 1000)]
    public int BacktestsKeptMax { get; set; } = 16;

    /// <summary>Requests for approval that one grant may have open, approved ones that wait for it included.</summary>
    [Range(1, 10_000)]
    public int ApprovalsOpenMax { get; set; } = 32;

    /// <summary>
    /// Calls that are held at once for a person's answer; a further one is told at once that it waits.
    /// </summary>
    [Range(0, 100_000)]
    public int ApprovalCallsHeldMax { get; set; } = 256;

    /// <summary>Largest arguments in bytes that a person is asked about; a call with larger ones is denied.</summary>
    [Range(1, 16 * 1024 * 1024)]
    public int ApprovalArgumentsBytesMax { get; set; } = 64 * 1024;

    /// <summary>Standing approvals that one grant may have.</summary>
    [Range(0, 1000)]
    public int StandingApprovalsMax { get; set; } = 64;

    /// <summary>Calls that one standing approval may be for; as many where its maker does not say.</summary>
    [Range(1, 1_000_000)]
    public int StandingUsesMax { get; set; } = 1000;

    /// <summary>How long a standing approval may be for.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan StandingForMax { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Events that channels are told of and that are not over; further ones are counted and logged.</summary>
    [Range(1, 100_000)]
    public int EventsMax { get; set; } = 1000;

    /// <summary>How long a request that was used or denied is still listed.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan ApprovalHistory { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Tickets for retries that one grant may have; beyond them a retry with the input that a server asked for counts
    /// like any other call.
    /// </summary>
    [Range(0, 100_000)]
    public int TicketsMax { get; set; } = 256;

    /// <summary>
    /// How this executable supervises the programs of servers on standard input and output; null where the host cannot,
    /// and such servers are refused.
    /// </summary>
    public SupervisorStart? Supervisor { get; set; }

    /// <summary>The most programs that run at once, of all servers.</summary>
    [Range(1, int.MaxValue)]
    public int ProgramsMax { get; set; } = 256;

    /// <summary>The most programs of one server that run at once: its sessions, and its grants' shared ones.</summary>
    [Range(1, 10_000)]
    public int ProgramsPerServerMax { get; set; } = 64;

    /// <summary>Connections to one HTTP server that are open at once, for all grants.</summary>
    [Range(1, 1_000_000)]
    public int ServerConnectionsMax { get; set; } = 1024;

    /// <summary>The most of them that one grant holds; a further call waits a while, then is refused (503).</summary>
    [Range(1, 1_000_000)]
    public int ServerConnectionsPerGrantMax { get; set; } = 256;

    /// <summary>Bytes that are read of a server that is asked for its tools, all of its answers together.</summary>
    [Range(1024, 1 << 30)]
    public int InventoryBytesMax { get; set; } = 16 * 1024 * 1024;

    /// <summary>Pages that a server may list its tools on; one that goes on is not shown.</summary>
    [Range(1, 10_000)]
    public int InventoryPagesMax { get; set; } = 100;

    /// <summary>Tools that are shown of one server; what comes after them is not read.</summary>
    [Range(1, 1_000_000)]
    public int InventoryToolsMax { get; set; } = 10_000;

    /// <summary>
    /// How often a server is asked what it offers, with up to a fifth on top; zero asks only where an operator does.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan InventoryEvery { get; set; }

    /// <summary>Servers that are asked for their tools at once; a further one waits.</summary>
    [Range(1, 1000)]
    public int InventoriesMax { get; set; } = 4;

    /// <summary>
    /// How long a list of several servers at one address waits for one of them; it is left out then, and named.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan AggregateWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes that one server's part of such a list may have; a server with more is left out.</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int AggregateAnswerBytesMax { get; set; } = 4 * 1024 * 1024;

    /// <summary>Names of each kind that one server has there for one grant; those after them are left out.</summary>
    [Range(1, 1_000_000)]
    public int AggregateNamesMax { get; set; } = 10_000;

    /// <summary>Tools that <c>find_tools</c> shows at most, of a grant whose tools are found by search.</summary>
    [Range(1, 100)]
    public int ToolsFoundMax { get; set; } = 20;

    /// <summary>Wrong admin keys from one address before it has to wait.</summary>
    [Range(0, 1000)]
    public int AdminGuessesFree { get; set; } = 5;

    /// <summary>The longest time that no key from an address is looked at; it doubles up to here.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AdminHoldMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>After so long without a wrong key an address begins anew.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan AdminGuessesForgotten { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Addresses of wrong admin keys that are told apart; those beyond wait together.</summary>
    [Range(1, 1_000_000)]
    public int AdminGuessersMax { get; set; } = 4096;

    /// <summary>Streams of <c>/api/v1/events</c> that are open at once; a further one is refused (429).</summary>
    [Range(1, 10_000)]
    public int EventStreamsMax { get; set; } = 64;

    /// <summary>Those of one operator.</summary>
    [Range(1, 10_000)]
    public int EventStreamsPerOperatorMax { get; set; } = 4;

    /// <summary>How often an agent's event stream that brings nothing gets a comment, so that nothing in between takes
    /// the connection for dead.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:30")]
    public TimeSpan StreamCommentEvery { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>After so long without a response of the server, a tool call whose client takes event streams is
    /// answered with one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:50")]
    public TimeSpan StreamCallAfter { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a client's machine may acknowledge nothing before its connection is closed; whole seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:03", "02:00:00")]
    public TimeSpan ClientUnreachableMax { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>After so long such a stream ends, and its console opens another.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan EventStreamLengthMax { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the history of changes and the versions of policies are kept: 13 months.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan HistoryAge { get; set; } = TimeSpan.FromDays(397);

    /// <summary>Changes of one object that are kept until then, the latest.</summary>
    [Range(1, 100_000)]
    public int HistoryPerObjectMax { get; set; } = 10_000;

    /// <summary>Changes that a previous release finds in the history, the latest.</summary>
    [Range(1, 10_000)]
    public int HistoryMax { get; set; } = 1000;

    /// <summary>Versions of a policy that are kept besides the one in force, the latest.</summary>
    [Range(1, 100_000)]
    public int PolicyVersionsMax { get; set; } = 10_000;

    /// <summary>Bounds of signing in with an OpenID Connect provider.</summary>
    [ValidateObjectMembers]
    public ProviderOptions Providers { get; set; } = new();

    /// <summary>Bounds of the gateway as an authorization server.</summary>
    [ValidateObjectMembers]
    public OAuthServerOptions OAuth { get; set; } = new();

    /// <summary>Bounds of the figures of calls and refusals over time.</summary>
    [ValidateObjectMembers]
    public UsageOptions Usage { get; set; } = new();

    /// <summary>Accounts of operators.</summary>
    [Range(1, 10_000)]
    public int OperatorsMax { get; set; } = 1000;

    /// <summary>API keys of one operator.</summary>
    [Range(1, 1000)]
    public int OperatorKeysMax { get; set; } = 50;

    /// <summary>The longest time until an operator's API key ends.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan OperatorKeyLifeMax { get; set; } = TimeSpan.FromDays(400);

    /// <summary>Passkeys of one operator.</summary>
    [Range(1, 100)]
    public int PasskeysMax { get; set; } = 10;

    /// <summary>How long a browser may take to answer with a passkey.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan PasskeyAnswerMax { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Browsers of one operator that are signed in; the one used least lately makes room.</summary>
    [Range(1, 1000)]
    public int OperatorSessionsMax { get; set; } = 20;

    /// <summary>How long an operator's browser stays signed in without a request.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan OperatorSessionIdleMax { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long an operator's browser stays signed in at most.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan OperatorSessionMax { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Live streams of decisions that are open at once; a further one is refused (429).</summary>
    [Range(1, 1000)]
    public int LiveStreamsMax { get; set; } = 64;

    /// <summary>Those of one operator.</summary>
    [Range(1, 1000)]
    public int LiveStreamsOfOperatorMax { get; set; } = 8;

    /// <summary>Passwords that are compared at once; a further one waits.</summary>
    [Range(1, 100)]
    public int PasswordChecksMax { get; set; } = 2;

    /// <summary>Passwords that wait or are compared; a further one is refused (503).</summary>
    [Range(1, 10_000)]
    public int PasswordChecksWaitingMax { get; set; } = 64;

    /// <summary>How long a program stays that nobody uses.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan ProgramIdleMax { get; set; } = TimeSpan.FromMinutes(30);
}

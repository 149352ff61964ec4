using System.Net;
using Gateway.Admin.Backtesting;
using Gateway.Admin.Identity.OAuth.AuthorizationServer;
using Gateway.Admin.Identity.Providers;
using Gateway.Admin.Identity.Records;
using Gateway.Audit.Arguments;
using Gateway.Audit.Writing;
using Gateway.Catalogue.Keeping;
using Gateway.Catalogue.Publishing;
using Gateway.Control.Authenticity;
using Gateway.Control.Health;
using Gateway.Control.Memory;
using Gateway.Control.Options;
using Gateway.Control.Updating;
using Gateway.Control.Usage.Counting;
using Gateway.Hosting.Draining;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Deadlines;
using Gateway.Proxy.InFlight;
using Gateway.Proxy.Upstreams.Relay;
using Gateway.Proxy.Upstreams.Stdio;
using Microsoft.Extensions.Options;

namespace Gateway.Hosting.Options;

/// <summary>
/// The options of a gateway: one class for each feature, which stands beside the feature and is injected there.
/// </summary>
public record GatewayOptions : ProcessOptions
{
    /// <inheritdoc cref="ConfigFileOptions"/>
    public ConfigFileOptions ConfigFile { get; init; } = new();

    /// <summary>The keys that authenticate the documents of the store; null if they are not authenticated.</summary>
    public StoreKeyOptions? StoreKey { get; init; }

    /// <summary>Link-local and cloud metadata networks that outbound connections may reach.</summary>
    public IReadOnlyList<IPNetwork> AllowedAddresses { get; init; } = [];

    /// <summary>
    /// The memory of requests and responses; null uses a quarter of the memory that this process may use.
    /// </summary>
    [ValidateObjectMembers]
    public MemoryBudgetOptions? Memory { get; init; }

    /// <inheritdoc cref="RegistryOptions"/>
    public RegistryOptions Registry { get; init; } = new();

    /// <summary>True if the admin listener serves the MCP server for operators' agents.</summary>
    public bool AdminMcp { get; init; }

    /// <inheritdoc cref="StoreLossOptions"/>
    [ValidateObjectMembers]
    public StoreLossOptions StoreLoss { get; init; } = new();

    /// <inheritdoc cref="AuditLogOptions"/>
    [ValidateObjectMembers]
    public AuditLogOptions Audit { get; init; } = new();

    /// <inheritdoc cref="RecordedArgumentsOptions"/>
    [ValidateObjectMembers]
    public RecordedArgumentsOptions RecordedArguments { get; init; } = new();

    /// <inheritdoc cref="UsageOptions"/>
    [ValidateObjectMembers]
    public UsageOptions Usage { get; init; } = new();

    /// <inheritdoc cref="ProgramOptions"/>
    [ValidateObjectMembers]
    public ProgramOptions Programs { get; init; } = new();

    /// <inheritdoc cref="StreamOptions"/>
    [ValidateObjectMembers]
    public StreamOptions Streams { get; init; } = new();

    /// <inheritdoc cref="AggregationOptions"/>
    [ValidateObjectMembers]
    public AggregationOptions Aggregation { get; init; } = new();

    /// <inheritdoc cref="InFlightOptions"/>
    [ValidateObjectMembers]
    public InFlightOptions InFlight { get; init; } = new();

    /// <inheritdoc cref="ApprovalOptions"/>
    [ValidateObjectMembers]
    public ApprovalOptions Approvals { get; init; } = new();

    /// <inheritdoc cref="InventoryOptions"/>
    [ValidateObjectMembers]
    public InventoryOptions Inventories { get; init; } = new();

    /// <inheritdoc cref="HistoryOptions"/>
    [ValidateObjectMembers]
    public HistoryOptions History { get; init; } = new();

    /// <inheritdoc cref="BacktestOptions"/>
    public BacktestOptions Backtests { get; init; } = new();

    /// <inheritdoc cref="ProviderOptions"/>
    [ValidateObjectMembers]
    public ProviderOptions Providers { get; init; } = new();

    /// <inheritdoc cref="OAuthServerOptions"/>
    [ValidateObjectMembers]
    public OAuthServerOptions OAuth { get; init; } = new();

    /// <inheritdoc cref="DrainOptions"/>
    [ValidateObjectMembers]
    public DrainOptions Drain { get; init; } = new();
}

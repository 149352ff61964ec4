using Gateway.Control.Documents;
using Gateway.Control.Notifications;
using Gateway.Control.Notifications.Messages;
using Gateway.Control.Snapshots;
using Gateway.Control.Telemetry;
using Gateway.Control.Usage;
using Gateway.Proxy.Aggregation;
using Gateway.Proxy.Approvals.Digests;
using Gateway.Proxy.Approvals.Notices;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Approvals.Standing;
using Gateway.Proxy.Assertions;
using Gateway.Proxy.Budgets;
using Gateway.Proxy.Delegation;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Endpoint;
using Gateway.Proxy.Forwarding;
using Gateway.Proxy.Pipeline;
using Gateway.Proxy.Pipeline.Stages;
using Gateway.Proxy.Results;
using Gateway.Proxy.RetryTokens;
using Gateway.Proxy.TaskRuns;
using Gateway.Proxy.Tasks;
using Gateway.Proxy.Telemetry;
using Gateway.Proxy.Tools;
using Gateway.Proxy.Upstreams;
using Gateway.Proxy.Upstreams.Credentials;
using Gateway.Proxy.Upstreams.Relay;
using Gateway.Proxy.Upstreams.Sessions;
using Gateway.Proxy.Waiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Gateway.Proxy;

/// <summary>The registration of the proxy's call path with a host.</summary>
public static class ProxyServices
{
    /// <summary>
    /// Registers the endpoint, the stages, approvals and retries over the control store, and their metrics.
    /// </summary>
    public static void AddProxy(this IServiceCollection services)
    {
        services.AddCors();
        services.AddSingleton<ICorsPolicyProvider, CrossOriginPolicies>();
        services.AddSingleton<McpEndpoint>();
        services.AddSingleton<SessionEndpoint>();
        services.AddSingleton<ToolSearch>();
        services.AddSingleton<IStage<AgentMessage, UnsealedMessage>, ApprovalRetryStage>();
        services.AddSingleton<IStage<UnsealedMessage, DirectMessage>, SearchToolStage>();
        services.AddSingleton<IStage<NamedMessage, NegotiatedMessage>, ExtensionStage>();
        services.AddSingleton<IStage<NegotiatedMessage, RewrittenMessage>, VirtualToolStage>();
        services.AddSingleton<MessageRewrites>();
        services.AddSingleton<ISessionSealer, SessionSealer>();
        services.AddAggregation();
        services.AddCallPipeline();
        services.AddSingleton<ResultFilters>();
        services.AddSingleton<ResumableCalls>();
        services.AddSingleton<OpenResumes>();
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<OpenResumes>());
        services.AddSingleton<OutcomeRecorder>();
        services.AddSingleton<ViewChanges>();
        services.AddSingleton<TaskHandles>();
        services.AddSingleton<OpenTasks>();
        services.AddSingleton<StreamWatch>();
        services.AddSingleton<OutputSchemas>();
        services.AddSingleton(new StreamLimiter());
        services.AddSingleton<DocumentCache>();
        services.AddSingleton<ApprovalRepository>();
        services.AddSingleton<ApprovalRecord>();
        services.AddSingleton<WaitingCalls>();
        services.AddSingleton<ApprovalRequester>();
        services.AddSingleton<ApprovalTasks>();
        services.AddSingleton<StoredCalls>();
        services.AddSingleton<TaskInputs>();
        services.AddSingleton<StoredCallers>();
        services.AddTaskRuns();
        services.AddSingleton<ArgumentsDigest>();
        services.AddSingleton<CallerAssertions>();
        services.AddSingleton<ICallerAssertions>(static provider => provider.GetRequiredService<CallerAssertions>());
        services.AddSingleton<ApprovalSuggestions>();
        services.AddSingleton<SealedTokens>();
        services.AddSingleton<ApprovalLinks>();
        services.AddSingleton<LinkQuestions>();
        services.AddSingleton<ApprovalService>();
        services.AddSingleton<StandingRepository>();
        services.AddSingleton<StandingService>();
        services.AddSingleton<StandingUses>();
        services.AddNotifications();
        services.AddSingleton<INotificationSource, ApprovalNotices>();
        services.AddDelegation();
        services.AddSingleton<RetryTokenStore>();
        services.AddSingleton<IExpiring>(static provider => provider.GetRequiredService<RetryTokenStore>());
        services.AddSingleton<IExpiring>(static provider => provider.GetRequiredService<StandingService>());
        services.AddSingleton<ApprovalExpirer>();
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<ApprovalExpirer>());
        services.AddUsage();
        services.TryAddSingleton<CounterRatios>();
        services.AddSingleton<BudgetWatch>();
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<EngineMetrics>();
        services.AddSingleton<UpstreamMetrics>();
        services.AddSingleton<HealthMetrics>();
        services.AddSingleton<OutlookMetrics>();
        services.AddSingleton<MachineMetrics>();
        services.AddSingleton<EdgeAvailability>();
        services.AddSingleton<MessageReading>();
        services.AddSingleton<UnevaluatedCalls>();
        services.AddSingleton<RefusalWatch>();
    }

    private static void AddDelegation(this IServiceCollection services)
    {
        services.AddSingleton<ConnectionStore>();
        services.AddSingleton<ConnectionClients>();
        services.AddSingleton<CallerConnections>();
        services.AddSingleton<ICallerCredentials>(static provider => provider.GetRequiredService<CallerConnections>());
        services.AddSingleton<ConnectionRequests>();
        services.AddSingleton<IExpiring>(static provider => provider.GetRequiredService<ConnectionRequests>());
        services.AddSingleton<ConnectionAuthorization>();
    }

    /// <summary>Serves <c>/mcp/{server}</c>, and <c>/mcp</c> for all servers of a grant.</summary>
    public static void UseMcpEndpoint(this WebApplication app)
    {
        // Only browser pages send Origin. For every other call the middleware would do nothing, but resolving its
        // parameters from the request's services would create a scope for each call.
        app.UseWhen(static http => http.Request.Headers.Origin.Count > 0, static pages => pages.UseCors());
        // Runs before routing, which would add one to two microseconds to a call and only look at this one path.
        var endpoint = app.Services.GetRequiredService<McpEndpoint>();
        var several = app.Services.GetRequiredService<AggregateEndpoint>();
        var snapshots = app.Services.GetRequiredService<SnapshotHolder>();
        var services = new ProgramServices { RequestServices = app.Services };
        app.Use(next => http =>
        {
            var isOfOne = McpPath.TryRead(http.Request.Path, out var server)
                || McpPath.TryReadOwn(snapshots.Current, http.Request, out server);
            if (!isOfOne && !McpPath.IsOfAll(http.Request.Path))
                return next(http);
            http.Features.Set<IServiceProvidersFeature>(services);
            return isOfOne ? endpoint.HandleAsync(http, server) : several.HandleAsync(http);
        });
        // Nothing else requests these services; they are created here so that they register their instruments.
        _ = app.Services.GetRequiredService<HealthMetrics>();
        _ = app.Services.GetRequiredService<OutlookMetrics>();
        _ = app.Services.GetRequiredService<MachineMetrics>();
        _ = app.Services.GetRequiredService<EngineMetrics>();
    }

    private static void AddTaskRuns(this IServiceCollection services)
    {
        services.AddSingleton<TaskRun>();
        services.AddSingleton<TaskEnds>();
        services.AddSingleton<CallQueue>();
        services.AddSingleton<ICallQueue>(static provider => provider.GetRequiredService<CallQueue>());
        services.AddSingleton<LongCalls>();
        services.AddSingleton<ILongCalls>(static provider => provider.GetRequiredService<LongCalls>());
        services.AddSingleton<TaskRunner>();
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<TaskRunner>());
    }

    /// <summary>
    /// The services of the program as those of a request. All services of calls are singletons, so a scope for each
    /// call would be created and disposed for nothing.
    /// </summary>
    private sealed class ProgramServices : IServiceProvidersFeature
    {
        public required IServiceProvider RequestServices { get; set; }
    }
}

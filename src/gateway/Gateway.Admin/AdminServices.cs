using Gateway.Admin.Access;
using Gateway.Admin.Applying;
using Gateway.Admin.Approvals;
using Gateway.Admin.Backtesting;
using Gateway.Admin.Changes;
using Gateway.Admin.Channels;
using Gateway.Admin.Counters;
using Gateway.Admin.Events;
using Gateway.Admin.Grants;
using Gateway.Admin.Identity.Guessing;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Passkeys;
using Gateway.Admin.Identity.SignIn;
using Gateway.Admin.Lists;
using Gateway.Admin.Live;
using Gateway.Admin.Operators;
using Gateway.Admin.Pausing;
using Gateway.Admin.Policies;
using Gateway.Admin.Records;
using Gateway.Admin.Servers;
using Gateway.Admin.SignIn;
using Gateway.Admin.Tools;
using Gateway.Catalogue.Indexing;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Approvals.Standing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Admin;

/// <summary>Adds the admin API to a host.</summary>
public static class AdminServices
{
    /// <summary>Registers what answers under <c>/api/v1</c>.</summary>
    public static void AddAdminApi(this IServiceCollection services)
    {
        services.AddSingleton<AdminAuthenticator>();
        services.AddSingleton<AdminMetrics>();
        services.AddSingleton<KeyGuesses>();
        services.AddSingleton<PasswordGuesses>();
        services.AddSingleton<AdminApi>();
        services.AddSingleton<ControlChanges>();
        services.AddSingleton<ChangeHistory>();
        services.AddSingleton<PolicyVersions>();
        services.AddSingleton<GrantViews>();
        services.AddSingleton<GrantWriter>();
        services.AddSingleton<GrantRotation>();
        services.AddSingleton<AccessRoutes>();
        services.AddSingleton<GrantClients>();
        services.AddSingleton<PauseChanges>();
        services.AddSingleton<PauseRoutes>();
        services.AddSingleton<ServerChange>();
        services.AddSingleton<ServerRoutes>();
        services.AddSingleton<ServerTrial>();
        services.AddSingleton<ServerRenameRoute>();
        services.AddSingleton<CatalogueRoutes>();
        services.AddSingleton<SearchRoutes>();
        services.AddCatalogueSearch();
        services.AddSingleton<ClassificationRoutes>();
        services.AddSingleton<DriftRoutes>();
        services.AddSingleton<PolicyRoutes>();
        services.AddSingleton<ReviewedServers>();
        services.AddSingleton<PolicyChecks>();
        services.AddSingleton<PolicyDrafts>();
        services.AddSingleton<PolicyCandidates>();
        services.AddSingleton<ListRoutes>();
        services.AddSingleton<GrantRoutes>();
        services.AddSingleton<ApplyPlanner>();
        services.AddSingleton<ApplyRoutes>();
        services.AddSingleton<CounterRoutes>();
        services.AddSingleton<BudgetRoutes>();
        services.AddApprovals();
        services.AddRecords();
        services.AddSingleton<CallerCheck>();
        services.AddSingleton<GatewayPulse>();
        services.AddSingleton<EventHub>();
        services.AddSingleton<EventRoutes>();
        services.AddSingleton<RecordExchange>();
        services.AddSingleton<ReloadRoutes>();
        services.AddSingleton<OperatorStore>();
        services.AddSingleton<AccountRemoval>();
        services.AddSingleton<OperatorUses>();
        services.AddSingleton<OperatorRoutes>();
        services.AddSingleton<KeyRoutes>();
        services.AddSingleton<BreakGlassRoutes>();
        services.AddSingleton<SessionRoutes>();
        services.AddSingleton<SignInRoutes>();
        services.AddSingleton<PasskeyRoutes>();
        services.AddSingleton<PasskeySignInRoutes>();
        services.AddSingleton<PasskeyCookie>();
        services.AddSingleton<PasskeySignIn>();
        services.AddSingleton<PasskeyRegistration>();
        services.AddSingleton<ProviderRoutes>();
        services.AddSingleton<FirstRun>();
        services.AddSingleton<FirstRunRoutes>();
        services.AddLive();
        services.AddSingleton<AccessLog>();
        services.AddSingleton<PasswordCheck>();
        services.AddSingleton<PasswordTries>();
        services.AddSessions();
        services.AddSingleton<CallerKeys>();
        services.AddSingleton<ProxySignIn>();
    }

    /// <summary>Registers the MCP server for operators' agents, <c>/admin/mcp</c>.</summary>
    public static void AddAdminMcp(this IServiceCollection services) => AdminMcp.AddTo(services);

    private sealed class ExpiringSignIns(SessionStore sessions, OperatorStore operators) : IExpiring
    {
        public async ValueTask SweepAsync(CancellationToken cancellationToken)
        {
            await sessions.SweepAsync(cancellationToken);
            await operators.SweepAsync(cancellationToken);
        }
    }

    private static void AddLive(this IServiceCollection services)
    {
        services.AddSingleton<LiveStreams>();
        services.AddSingleton<DecisionFeed>();
        services.AddSingleton<LiveFleet>();
        services.AddHostedService(static provider => provider.GetRequiredService<LiveFleet>());
        services.AddSingleton<LiveRoutes>();
    }

    private static void AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<SessionStore>();
        services.AddSingleton<IExpiring, ExpiringSignIns>();
        services.AddSingleton<PasswordGate>();
        services.AddSingleton<CallerSessions>();
        services.AddSingleton<SessionAntiforgery>();
    }

    private static void AddRecords(this IServiceCollection services)
    {
        services.AddSingleton<ServerStates>();
        services.AddSingleton<StatusReport>();
        services.AddSingleton<Backtests>();
        services.AddSingleton<BacktestRoutes>();
        services.AddSingleton<RecordRoutes>();
        services.AddSingleton<AuditRoutes>();
        services.AddSingleton<ReportRoutes>();
        services.AddSingleton<UsageRoutes>();
        services.AddSingleton<ClockRoutes>();
    }

    private static void AddApprovals(this IServiceCollection services)
    {
        services.AddSingleton<ApprovalRoutes>();
        services.AddSingleton<ApprovalLinkPage>();
        services.AddSingleton<StandingRoutes>();
        services.AddSingleton<AskedTool>();
        services.AddSingleton<ChannelRoutes>();
        services.AddSingleton<IApprovers, ApproverRoles>();
    }

    /// <summary>
    /// Where, below the operator's address, the first operator is made; null where there is one. The code in it is good
    /// once, within an hour.
    /// </summary>
    public static string? OfferFirstRun(this IServiceProvider services) =>
        services.GetRequiredService<FirstRun>().Offer() is { } code ? $"/console/#/welcome?code={code}" : null;

    /// <summary>Serves <c>/api/v1</c> and its description, <c>/openapi/v1.json</c>.</summary>
    public static void MapAdminApi(this IEndpointRouteBuilder routes) => AdminApi.Map(routes);
}

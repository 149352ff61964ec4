using System.Diagnostics.CodeAnalysis;
using Gateway.Admin.Access;
using Gateway.Admin.Alerts;
using Gateway.Admin.Answers;
using Gateway.Admin.Applying;
using Gateway.Admin.Approvals;
using Gateway.Admin.Backtesting;
using Gateway.Admin.Budgets;
using Gateway.Admin.Changes;
using Gateway.Admin.Channels;
using Gateway.Admin.Connections;
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
using Gateway.Admin.Persons;
using Gateway.Admin.Policies;
using Gateway.Admin.Records;
using Gateway.Admin.Servers;
using Gateway.Admin.SignIn;
using Gateway.Admin.Tools;
using Gateway.Catalogue.Publishing;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Approvals.Standing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Admin;

/// <summary>Extension methods that add the admin API to a host.</summary>
public static class AdminServices
{
    /// <summary>Registers the services behind <c>/api/v1</c>.</summary>
    public static void AddAdminApi(this IServiceCollection services)
    {
        services.AddSingleton<AdminAuthenticator>();
        services.AddSingleton<AdminMetrics>();
        services.AddSingleton<KeyGuesses>();
        services.AddSingleton<PasswordGuesses>();
        services.AddSingleton<AdminApi>();
        // Generated request delegates look up the type "object" when they are created, without reflection.
        services.ConfigureHttpJsonOptions(static json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, AnswerJson.Default));
        services.AddRoutes();
        services.AddSingleton<ControlChanges>();
        services.AddSingleton<GrantViews>();
        services.AddSingleton<GrantWriter>();
        services.AddSingleton<PauseChanges>();
        services.AddSingleton<ServerChange>();
        services.AddCatalogueSearch();
        services.AddSingleton<ToolPages>();
        services.AddSingleton<ReviewedServers>();
        services.AddSingleton<PolicyCandidates>();
        services.AddSingleton<ApplyPlanner>();
        services.AddApprovals();
        services.AddRecords();
        services.AddSingleton<CallerCheck>();
        services.AddSingleton<GatewayPulse>();
        services.AddSingleton<EventHub>();
        services.AddSingleton<RecordExchange>();
        services.AddSingleton<OperatorStore>();
        services.AddSingleton<AccountRemoval>();
        services.AddSingleton<OperatorUses>();
        services.AddSingleton<PasskeyCookie>();
        services.AddSingleton<PasskeySignIn>();
        services.AddSingleton<PasskeyRegistration>();
        services.AddSingleton<FirstRun>();
        services.AddSingleton<SessionOpener>();
        services.AddSingleton<InvitationGuard>();
        services.AddSingleton<InvitedAccounts>();
        services.AddLive();
        services.AddSingleton<AccessLog>();
        services.AddSingleton<PasswordCheck>();
        services.AddSingleton<PasswordTries>();
        services.AddSessions();
        services.AddSingleton<CallerKeys>();
        services.AddSingleton<ProxySignIn>();
    }

    private static void AddRoutes<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        this IServiceCollection services)
        where T : class, IAdminRoutes
    {
        services.AddSingleton<T>();
        services.AddSingleton<IAdminRoutes>(static provider => provider.GetRequiredService<T>());
    }

    private static void AddRoutes(this IServiceCollection services)
    {
        services.AddRoutes<ServerRoutes>();
        services.AddRoutes<ServerTrial>();
        services.AddRoutes<ServerNameRoutes>();
        services.AddRoutes<CatalogueRoutes>();
        services.AddRoutes<SearchRoutes>();
        services.AddRoutes<ClassificationRoutes>();
        services.AddRoutes<DriftRoutes>();
        services.AddRoutes<PolicyRoutes>();
        services.AddRoutes<PolicyVersions>();
        services.AddRoutes<PolicyChecks>();
        services.AddRoutes<PolicyDrafts>();
        services.AddRoutes<ListRoutes>();
        services.AddRoutes<SharedBudgetRoutes>();
        services.AddRoutes<ChangeHistory>();
        services.AddRoutes<ChannelRoutes>();
        services.AddRoutes<AlertRoutes>();
        services.AddRoutes<GrantRoutes>();
        services.AddRoutes<GrantRotation>();
        services.AddRoutes<ApplyRoutes>();
        services.AddRoutes<AccessRoutes>();
        services.AddRoutes<GrantClients>();
        services.AddRoutes<MatchRoutes>();
        services.AddRoutes<PauseRoutes>();
        services.AddRoutes<SubjectRoutes>();
        services.AddRoutes<CounterRoutes>();
        services.AddRoutes<StandingRoutes>();
        services.AddRoutes<BudgetRoutes>();
        services.AddRoutes<ApprovalRoutes>();
        services.AddRoutes<AskedTool>();
        services.AddRoutes<RecordRoutes>();
        services.AddRoutes<AttentionNotes>();
        services.AddRoutes<EventRoutes>();
        services.AddRoutes<AuditRoutes>();
        services.AddSingleton<PersonData>();
        services.AddSingleton<PauseHistory>();
        services.AddRoutes<PersonRoutes>();
        services.AddSingleton<RecordedValues>();
        services.AddRoutes<RecordSearchRoutes>();
        services.AddRoutes<ReportRoutes>();
        services.AddRoutes<UsageRoutes>();
        services.AddRoutes<BacktestRoutes>();
        services.AddRoutes<ReloadRoutes>();
        services.AddRoutes<ClockRoutes>();
        services.AddRoutes<OperatorRoutes>();
        services.AddRoutes<InvitationRoutes>();
        services.AddRoutes<KeyRoutes>();
        services.AddRoutes<AbsenceRoutes>();
        services.AddRoutes<BreakGlassRoutes>();
        services.AddRoutes<SessionRoutes>();
        services.AddRoutes<SignInRoutes>();
        services.AddRoutes<PasskeyRoutes>();
        services.AddRoutes<PasskeySignInRoutes>();
        services.AddRoutes<ProviderRoutes>();
        services.AddRoutes<FirstRunRoutes>();
        services.AddRoutes<AcceptRoutes>();
        services.AddRoutes<LiveRoutes>();
        services.AddRoutes<ConnectionRoutes>();
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
    }

    private static void AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<SessionStore>();
        services.AddSingleton<IExpiring, ExpiringSignIns>();
        services.AddSingleton<Invitations>();
        services.AddSingleton<IExpiring>(static provider => provider.GetRequiredService<Invitations>());
        services.AddSingleton<IExpiring, PauseEnder>();
        services.AddSingleton<IExpiring, AttentionSweep>();
        services.AddSingleton<PasswordGate>();
        services.AddSingleton<CallerSessions>();
        services.AddSingleton<SessionAntiforgery>();
    }

    private static void AddRecords(this IServiceCollection services)
    {
        services.AddSingleton<ServerStates>();
        services.AddSingleton<StatusReport>();
        services.AddSingleton<AttentionReport>();
        services.AddSingleton<AttentionWatch>();
        services.AddHostedService(static provider => provider.GetRequiredService<AttentionWatch>());
        services.AddSingleton<AlertReader>();
        services.AddSingleton<BudgetThresholds>();
        services.AddSingleton<AlertWatch>();
        services.AddHostedService(static provider => provider.GetRequiredService<AlertWatch>());
        services.AddSingleton<Backtests>();
    }

    private static void AddApprovals(this IServiceCollection services)
    {
        services.AddSingleton<ApprovalLinkPage>();
        services.AddSingleton<ApproverRoles>();
        services.AddSingleton<IApprovers>(static provider => provider.GetRequiredService<ApproverRoles>());
    }

    /// <summary>
    /// Returns the path of the page that creates the first operator; null if there is one. The code in it works once,
    /// within an hour.
    /// </summary>
    public static string? OfferFirstRun(this IServiceProvider services) =>
        services.GetRequiredService<FirstRun>().Offer() is { } code ? $"/console/#/welcome?code={code}" : null;

    /// <summary>Serves <c>/api/v1</c> and its description, <c>/openapi/v1.json</c>.</summary>
    public static void MapAdminApi(this IEndpointRouteBuilder routes) => AdminApi.Map(routes);
}

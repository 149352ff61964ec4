using Gateway.Admin.Access;
using Gateway.Admin.Answers;
using Gateway.Admin.Applying;
using Gateway.Admin.Approvals;
using Gateway.Admin.Backtesting;
using Gateway.Admin.Changes;
using Gateway.Admin.Channels;
using Gateway.Admin.Counters;
using Gateway.Admin.Describing;
using Gateway.Admin.Events;
using Gateway.Admin.Grants;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Roles;
using Gateway.Admin.Lists;
using Gateway.Admin.Live;
using Gateway.Admin.Operators;
using Gateway.Admin.Pausing;
using Gateway.Admin.Policies;
using Gateway.Admin.Records;
using Gateway.Admin.Servers;
using Gateway.Admin.SignIn;
using Gateway.Admin.Tools;
using Gateway.Audit.Shipping;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Gateway.Proxy.Approvals.Telling;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin;

/// <summary>Maps <c>/api/v1</c>: each route is one method that turns a call into an answer.</summary>
internal sealed partial class AdminApi(
    AdminAuthenticator door, SnapshotUpdater control, OperatorStore operators, OperatorUses uses, AccessLog access,
    ILogger<AdminApi> logger)
{
    /// <summary>Longer would let one request of the operator hold its connection for ever.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var api = services.GetRequiredService<AdminApi>();
        List<AdminRoute> all =
        [
            .. services.GetRequiredService<ServerRoutes>().All,
            .. services.GetRequiredService<ServerTrial>().All,
            .. services.GetRequiredService<ServerRenameRoute>().All,
            .. services.GetRequiredService<CatalogueRoutes>().All,
            .. services.GetRequiredService<SearchRoutes>().All,
            .. services.GetRequiredService<ClassificationRoutes>().All,
            .. services.GetRequiredService<DriftRoutes>().All,
            .. services.GetRequiredService<PolicyRoutes>().All,
            .. services.GetRequiredService<PolicyVersions>().All,
            .. services.GetRequiredService<PolicyChecks>().All,
            .. services.GetRequiredService<PolicyDrafts>().All,
            .. services.GetRequiredService<ListRoutes>().All,
            .. services.GetRequiredService<ChangeHistory>().All,
            .. services.GetRequiredService<ChannelRoutes>().All,
            .. services.GetRequiredService<GrantRoutes>().All,
            .. services.GetRequiredService<GrantRotation>().All,
            .. services.GetRequiredService<ApplyRoutes>().All,
            .. services.GetRequiredService<AccessRoutes>().All,
            .. services.GetRequiredService<GrantClients>().All,
            .. services.GetRequiredService<PauseRoutes>().All,
            .. services.GetRequiredService<CounterRoutes>().All,
            .. services.GetRequiredService<StandingRoutes>().All,
            .. services.GetRequiredService<BudgetRoutes>().All,
            .. services.GetRequiredService<ApprovalRoutes>().All,
            .. services.GetRequiredService<AskedTool>().All,
            .. services.GetRequiredService<RecordRoutes>().All,
            .. services.GetRequiredService<EventRoutes>().All,
            .. services.GetRequiredService<AuditRoutes>().All,
            .. services.GetRequiredService<ReportRoutes>().All,
            .. services.GetRequiredService<UsageRoutes>().All,
            .. services.GetRequiredService<BacktestRoutes>().All,
            .. services.GetRequiredService<ReloadRoutes>().All,
            .. services.GetRequiredService<ClockRoutes>().All,
            .. services.GetRequiredService<OperatorRoutes>().All,
            .. services.GetRequiredService<KeyRoutes>().All,
            .. services.GetRequiredService<BreakGlassRoutes>().All,
            .. services.GetRequiredService<SessionRoutes>().All,
            .. services.GetRequiredService<SignInRoutes>().All,
            .. services.GetRequiredService<PasskeyRoutes>().All,
            .. services.GetRequiredService<PasskeySignInRoutes>().All,
            .. services.GetRequiredService<ProviderRoutes>().All,
            .. services.GetRequiredService<FirstRunRoutes>().All,
            .. services.GetRequiredService<LiveRoutes>().All,
        ];
        foreach (var route in all)
        {
            routes.MapMethods(AdminRoute.Root + route.Path, [route.Method], http => api.AnswerAsync(http, route))
                .GuardedBy(EndpointGuard.InHandler).WithMetadata(route);
        }

        MapUnkeyed(routes, all);
        services.GetService<AdminMcp>()?.Map(routes, all);

        // Whatever else is asked for here is refused at the same door, so that nobody learns which paths there are.
        var nothing = new AdminRoute("", "/{**rest}", Permissions.Self, "Says that there is nothing.", NothingAsync);
        routes.Map(AdminRoute.Root + nothing.Path, http => api.AnswerAsync(http, nothing))
            .GuardedBy(EndpointGuard.InHandler).WithMetadata(nothing);
    }

    /// <summary>
    /// Maps what needs no key of an operator (the description) or has a key of its own: a link, a signature.
    /// </summary>
    private static void MapUnkeyed(IEndpointRouteBuilder routes, List<AdminRoute> all)
    {
        var services = routes.ServiceProvider;
        var authenticator = services.GetRequiredService<AdminAuthenticator>();
        var unkeyed = new EndpointGuard(http => authenticator.RefuseUnkeyed(http)?.WriteAsync(http));

        // Written when it is first asked for: the schemas of all types are a tenth of what a start compiles.
        var openApi = new Lazy<AdminResponse>(
            () => new(StatusCodes.Status200OK, OpenApiDocument.Write(all, ProductRelease.Version)));
        // The description names no object of this gateway, so it needs no key.
        routes.MapGet("/openapi/v1.json", http => openApi.Value.WriteAsync(http)).GuardedBy(unkeyed);

        var page = services.GetRequiredService<ApprovalLinkPage>();
        routes.MapMethods(
            $"{ApprovalLinks.Path}{{token}}", ["GET", "POST"],
            http => page.AnswerAsync(http, (string)http.Request.RouteValues["token"]!)).GuardedBy(unkeyed);

        foreach (var route in services.GetServices<UnkeyedRoute>())
            routes.MapMethods(route.Path, [route.Method], route.Handler).GuardedBy(unkeyed);
    }

    private static Task<AdminResponse> NothingAsync(AdminCall call) => Task.FromResult(Problems.Of(
        StatusCodes.Status404NotFound, "Not found",
        $"{call.Request.Method} {call.Request.Path} is nothing that this API has; see /openapi/v1.json."));

    private async Task AnswerAsync(HttpContext http, AdminRoute route)
    {
        // Roles for one server name it by its first name, too.
        RenamedServers.Resolve(http, route, control.State.Names);
        var (caller, refused) = await door.AdmitAsync(http, route);
        var response = refused ?? await DoAsync(new AdminCall(http, control.State, caller), route);
        await RenamedServers.InResponse(response, route, control.State.Names).WriteAsync(http);
    }

    /// <summary>
    /// Runs a handler outside the API if the caller's roles allow what the route requires; otherwise writes the refusal
    /// that the API would.
    /// </summary>
    public async Task GuardAsync(HttpContext http, AdminRoute route, RequestDelegate handler)
    {
        var (caller, refused) = await door.AdmitAsync(http, route);
        refused ??= await DoAsync(new AdminCall(http, control.State, caller), route);
        if (refused.Status == StatusCodes.Status204NoContent)
            await handler(http);
        else
            await refused.WriteAsync(http);
    }

    /// <summary>
    /// Runs a route within the roles of a caller that another endpoint admitted. The request is recorded first, and is
    /// not run if it cannot be recorded.
    /// </summary>
    public async Task<AdminResponse> RunAsync(
        HttpContext http, AdminRoute route, Caller caller, string action, string about)
    {
        RenamedServers.Resolve(http, route, control.State.Names);
        var call = new AdminCall(http, control.State, caller);
        var refused = AdminAuthenticator.RefuseRole(http, route, caller);
        if (!await access.TryNoteAsync(call, action, refused is null ? "allowed" : "denied", about))
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "Audit log unavailable",
                "The request cannot be recorded, so it was not run. Nothing was changed.");
        }

        return RenamedServers.InResponse(refused ?? await DoAsync(call, route), route, control.State.Names);
    }

    private async Task<AdminResponse> DoAsync(AdminCall call, AdminRoute route)
    {
        try
        {
            if (route.Permission != Permissions.None)
                await NoteAsync(call);
            return await route.Answer(call).WaitAsync(AnswerWithin, call.Aborted);
        }
        catch (ControlStoreException e)
        {
            LogStore(e);
            return Problems.StoreUnavailable(e.Message);
        }
        catch (BadHttpRequestException e)
        {
            return Problems.Of(e.StatusCode, "Not readable", $"The body cannot be read: {e.Message}");
        }
        catch (Exception e) when (e is not (TimeoutException or OperationCanceledException))
        {
            LogFailed(e);
            return Problems.Of(StatusCodes.Status500InternalServerError, "Failed",
                "The gateway failed at this; its log says why. What was begun may have happened; GET it first.");
        }
        catch (TimeoutException)
        {
            return Problems.Of(StatusCodes.Status504GatewayTimeout, "Too slow",
                $"There was no answer within {AnswerWithin.TotalSeconds} s; what was begun may still happen.");
        }
    }

    /// <summary>Once there are operators, whoever uses the key that is nobody's should have a reason.</summary>
    private async ValueTask NoteAsync(AdminCall call)
    {
        uses.Saw(call.Caller);
        if (call.Caller.Account is not null || operators.Current.Accounts.Count == 0)
            return;
        LogBreakGlass(call.From, call.Request.Method, call.Request.Path.Value);
        await access.NoteAsync(call, "break-glass");
    }

    [LoggerMessage(1, LogLevel.Error, "The admin API could not use the control store")]
    private partial void LogStore(Exception exception);

    [LoggerMessage(2, LogLevel.Error, "The admin API failed")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(3, LogLevel.Warning,
        "The administrator's key was used from {From} for {Method} {Path}, though there are operators with names")]
    private partial void LogBreakGlass(string from, string method, string? path);
}

/// <summary>
/// A route at the operators' listener whose requests need no key of an operator, because each proves itself, such as by
/// a signature. The listener's checks of host and origin apply to it.
/// </summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The pattern of the path.</param>
/// <param name="Handler">The handler, which checks the proof.</param>
public sealed record UnkeyedRoute(string Method, string Path, RequestDelegate Handler);

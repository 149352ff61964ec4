using Gateway.Admin.Answers;
using Gateway.Admin.Approvals;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Gateway.Proxy.Approvals.Notices;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin;

/// <summary>
/// The route group <c>/api/v1</c>. Its filters resolve names of servers, admit the caller, and convert a handler's
/// exceptions to problems, in this order.
/// </summary>
internal sealed partial class AdminApi(
    AdminAuthenticator authenticator, SnapshotUpdater control, OperatorStore operators, OperatorUses uses,
    AccessLog access, TimeProvider time, ILogger<AdminApi> logger)
{
    /// <summary>The time limit of a response, without which a request could occupy its connection forever.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);

    private static readonly PackedFile OpenApi = new(typeof(AdminApi).Assembly, "openapi.json");

    public static void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var api = services.GetRequiredService<AdminApi>();
        var group = routes.MapGroup(AdminRoute.Root);
        group.AddEndpointFilter(api.RenameAsync).AddEndpointFilter(api.AdmitAsync).AddEndpointFilter(api.AttemptAsync);
        group.GuardedBy(EndpointGuard.InHandler);
        foreach (var resource in services.GetServices<IAdminRoutes>())
            resource.Map(group);
        // Unknown paths pass the same checks, so that unauthorized callers cannot find out which paths exist.
        group.Map("/{**rest}", NothingAsync).Requires(Permissions.Self).ExcludeFromDescription();

        MapUnkeyed(routes);
        services.GetService<AdminMcp>()?.Map(routes);
    }

    /// <summary>
    /// Maps the routes that need no operator's key (the description), or that have their own proof: a link, a
    /// signature.
    /// </summary>
    private static void MapUnkeyed(IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var authenticator = services.GetRequiredService<AdminAuthenticator>();
        var unkeyed = new EndpointGuard(http => authenticator.RefuseUnkeyed(http)?.ExecuteAsync(http));

        // The description contains no object of this gateway, so it needs no key.
        routes.MapGet("/openapi/v1.json", static http =>
        {
            http.Response.ContentType = "application/json";
            http.Response.Headers.CacheControl = "no-store";
            return OpenApi.SendAsync(http);
        }).GuardedBy(unkeyed);

        ApiReference.Map(routes).GuardedBy(unkeyed);

        var page = services.GetRequiredService<ApprovalLinkPage>();
        routes.MapMethods(
            $"{ApprovalLinks.Path}{{token}}", ["GET", "POST"],
            http => page.AnswerAsync(http, (string)http.Request.RouteValues["token"]!)).GuardedBy(unkeyed);

        foreach (var route in services.GetServices<UnkeyedRoute>())
            routes.MapMethods(route.Path, [route.Method], route.Handler).GuardedBy(unkeyed);
    }

    private static Task<AdminResponse> NothingAsync(AdminCall call) => Task.FromResult(Problems.Of(
        StatusCodes.Status404NotFound, "Not found",
        $"This API has no {call.Request.Method} {call.Request.Path}; see /openapi/v1.json."));

    // Roles for one server contain its first name, so names are resolved before roles are checked.
    private async ValueTask<object?> RenameAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        RenamedServers.Resolve(context.HttpContext, control.State.Names);
        var response = (AdminResponse)(await next(context))!;
        return RenamedServers.InResponse(response, context.HttpContext, control.State.Names);
    }

    private async ValueTask<object?> AdmitAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var (call, refused) = await AdmitAsync(http, http.GetEndpoint()!.Access);
        context.Arguments[0] = call;
        return refused ?? await next(context);
    }

    private async ValueTask<object?> AttemptAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        await AttemptAsync(
            context.GetArgument<AdminCall>(0), context.HttpContext.GetEndpoint()!.Access,
            async () => (AdminResponse)(await next(context))!);

    /// <summary>
    /// Runs a handler outside the API if the caller's roles allow the required access; otherwise writes the API's
    /// refusal.
    /// </summary>
    public async Task GuardAsync(HttpContext http, RouteAccess required, Func<AdminCall, Task> handler)
    {
        var (call, refused) = await AdmitAsync(http, required);
        refused ??= await AttemptAsync(call, required, static () => Task.FromResult(AdminResponse.NoContent));
        if (refused.Status == StatusCodes.Status204NoContent)
            await handler(call);
        else
            await refused.ExecuteAsync(http);
    }

    private async ValueTask<(AdminCall Call, AdminResponse? Refused)> AdmitAsync(HttpContext http, RouteAccess required)
    {
        if (http.Features.Get<RecordedCaller>() is not { } recorded)
        {
            var (caller, refused) = await authenticator.AdmitAsync(http, required);
            return (new AdminCall(http, control.State, caller), refused);
        }

        var call = new AdminCall(http, control.State, recorded.Caller);
        var notAllowed = AdminAuthenticator.RefuseRole(http, required, recorded.Caller);
        return await access.TryNoteAsync(
            call, recorded.Action, notAllowed is null ? "allowed" : "denied", recorded.About)
            ? (call, notAllowed)
            : (call, Problems.Of(StatusCodes.Status503ServiceUnavailable, "Audit log unavailable",
                "The request cannot be recorded, so it was not run. Nothing was changed; the log has the reason."));
    }

    private async Task<AdminResponse> AttemptAsync(
        AdminCall call, RouteAccess required, Func<Task<AdminResponse>> handle)
    {
        try
        {
            if (required.Permission != Permissions.None)
                await NoteAsync(call);
            // No document can have such a name, and a key with it would throw.
            if (call.HasName && !ControlKey.IsValidName(call.Name))
                return Problems.NotFound("object", call.Name);
            return await handle().WaitAsync(AnswerWithin, time, call.Aborted);
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
                "The gateway failed to process the request; its log has the reason. A change may have been made; GET "
                + "the resource before you repeat the request.");
        }
        catch (TimeoutException)
        {
            return Problems.Of(StatusCodes.Status504GatewayTimeout, "Timed out",
                $"There was no response within {AnswerWithin.TotalSeconds} s. A change may still take effect; "
                + "GET the resource before you repeat the request.");
        }
    }

    /// <summary>
    /// Records each use of the administrator's key once there are operators, since they should use their own keys.
    /// </summary>
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

    [LoggerMessage(2, LogLevel.Error, "A request to the admin API failed")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(3, LogLevel.Warning,
        "The administrator's key was used from {From} for {Method} {Path}, although operators have keys of their own")]
    private partial void LogBreakGlass(string from, string method, string? path);
}

/// <summary>
/// A caller that another endpoint of this process has admitted, and that runs a route of the API. The request is
/// recorded first, and does not run if it cannot be recorded.
/// </summary>
internal sealed record RecordedCaller(AdminCaller Caller, string Action, string About);

/// <summary>
/// A route at the operators' listener that needs no operator's key, because each request proves itself, for example
/// with a signature. The listener's checks of host and origin apply.
/// </summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The pattern of the path.</param>
/// <param name="Handler">The handler, which checks the proof.</param>
public sealed record UnkeyedRoute(string Method, string Path, RequestDelegate Handler);

using Gateway.Admin.Answers;
using Gateway.Admin.Approvals;
using Gateway.Admin.Counters;
using Gateway.Admin.Describing;
using Gateway.Admin.Grants;
using Gateway.Admin.Lists;
using Gateway.Admin.Pausing;
using Gateway.Admin.Policies;
using Gateway.Admin.Records;
using Gateway.Admin.Servers;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin;

/// <summary>Maps <c>/api/v1</c>: each route is one method that turns a call into an answer.</summary>
internal sealed partial class AdminApi(AdminAuthenticator door, SnapshotUpdater control, ILogger<AdminApi> logger)
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
            .. services.GetRequiredService<PolicyRoutes>().All,
            .. services.GetRequiredService<ListRoutes>().All,
            .. services.GetRequiredService<GrantRoutes>().All,
            .. services.GetRequiredService<GrantRotation>().All,
            .. services.GetRequiredService<PauseRoutes>().All,
            .. services.GetRequiredService<CounterRoutes>().All,
            .. services.GetRequiredService<ApprovalRoutes>().All,
            .. services.GetRequiredService<RecordRoutes>().All,
            .. services.GetRequiredService<AuditRoutes>().All,
            .. services.GetRequiredService<ReloadRoutes>().All,
        ];
        foreach (var route in all)
        {
            routes.MapMethods(
                AdminRoute.Root + route.Path, [route.Method], http => api.AnswerAsync(http, route.Answer));
        }

        var openApi = new AdminResponse(StatusCodes.Status200OK, OpenApiDocument.Write(all, RecordRoutes.Release));
        routes.MapGet("/openapi/v1.json", http => api.DescribeAsync(http, openApi));

        // Whatever else is asked for here is refused at the same door, so that nobody learns which paths there are.
        routes.Map(AdminRoute.Root + "/{**rest}", http => api.AnswerAsync(http, NothingAsync));
    }

    private static Task<AdminResponse> NothingAsync(AdminCall call) => Task.FromResult(Problems.Of(
        StatusCodes.Status404NotFound, "Not found",
        $"{call.Request.Method} {call.Request.Path} is nothing that this API has; see /openapi/v1.json."));

    /// <summary>The description names no object of this gateway, so it needs no key.</summary>
    private Task DescribeAsync(HttpContext http, AdminResponse openApi) =>
        (door.RefuseUnkeyed(http) ?? openApi).WriteAsync(http);

    private async Task AnswerAsync(HttpContext http, Func<AdminCall, Task<AdminResponse>> answer)
    {
        var refused = door.Refuse(http);
        await (refused ?? await DoAsync(new AdminCall(http, control.State), answer)).WriteAsync(http);
    }

    private async Task<AdminResponse> DoAsync(AdminCall call, Func<AdminCall, Task<AdminResponse>> answer)
    {
        try
        {
            return await answer(call).WaitAsync(AnswerWithin, call.Aborted);
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

    [LoggerMessage(1, LogLevel.Error, "The admin API could not use the control store")]
    private partial void LogStore(Exception exception);

    [LoggerMessage(2, LogLevel.Error, "The admin API failed")]
    private partial void LogFailed(Exception exception);
}

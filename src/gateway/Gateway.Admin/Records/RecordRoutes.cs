using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Records;

/// <summary><c>/status</c>: shows the status of the gateway.</summary>
internal sealed class RecordRoutes(AttentionReport report) : IAdminRoutes
{
    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/status", (AdminCall call) => Task.FromResult(
                AdminResponse.Ok(report.Of(call.State), RecordJson.Default.StatusView)))
            .Requires(Permissions.Read)
            .WithSummary("Shows the gateway's status.").Produces<StatusView>();
    }
}

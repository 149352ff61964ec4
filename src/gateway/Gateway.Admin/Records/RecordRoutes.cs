using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Fleet;
using Gateway.Control.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Records;

/// <summary><c>/status</c>: shows the status of the gateway.</summary>
internal sealed class RecordRoutes(StatusReport status, FleetStanding fleet, CounterRatios limits) : IAdminRoutes
{
    /// <summary>The maximum number of listed differences between the fleet's configuration files.</summary>
    private const int DifferencesMax = 100;

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/status", StatusAsync).Requires(Permissions.Read)
            .WithSummary("Shows the gateway's status.").Produces<StatusView>();
    }

    private FleetView? Fleet() => fleet.Differences is not { } found ? null : new FleetView(
        found.Since,
        [
            .. found.All.Take(DifferencesMax)
                .Select(static one => new FleetDifferenceView(one.Object, one.Frontend, one.Effect)),
        ]);

    private Task<AdminResponse> StatusAsync(AdminCall call)
    {
        var view = status.Of(call.State) with
        {
            Fleet = Fleet(),
            NearlyFull =
            [
                .. limits.NearlyFull().Select(static one => new NearlyFullView(
                    one.Key.Counter, one.Key.Server, one.Key.Grant, one.Key.Window, one.Value.Used, one.Value.Max,
                    DateTimeOffset.FromUnixTimeMilliseconds(one.Value.ResetAtMs))),
            ],
        };
        return Task.FromResult(AdminResponse.Ok(
            view with { Attention = AttentionView.Of(view) }, RecordJson.Default.StatusView));
    }
}

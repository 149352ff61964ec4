using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Fleet;

namespace Gateway.Admin.Records;

/// <summary><c>/status</c>: how the gateway stands.</summary>
internal sealed class RecordRoutes(StatusReport status, FleetStanding fleet)
{
    /// <summary>The most differences of the fleet's files that are listed.</summary>
    private const int DifferencesMax = 100;

    public IEnumerable<AdminRoute> All =>
    [
        new("GET", "/status", Permissions.Read,
            "Says how the gateway stands.", StatusAsync)
        {
            Gives = () => RecordJson.Default.StatusView,
        },
    ];

    private FleetView? Fleet() => fleet.Differences is not { } found ? null : new FleetView(
        found.Since,
        [
            .. found.All.Take(DifferencesMax)
                .Select(static one => new FleetDifferenceView(one.Object, one.Frontend, one.Effect)),
        ]);

    private Task<AdminResponse> StatusAsync(AdminCall call)
    {
        var view = status.Of(call.State) with { Fleet = Fleet() };
        return Task.FromResult(AdminResponse.Ok(
            view with { Attention = AttentionView.Of(view) }, RecordJson.Default.StatusView));
    }
}

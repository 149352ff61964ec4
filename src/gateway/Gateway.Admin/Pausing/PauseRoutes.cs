using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Snapshots;

namespace Gateway.Admin.Pausing;

/// <summary><c>/pauses</c>, <c>/pause</c>, <c>/resume</c>: stops every call at once.</summary>
internal sealed class PauseRoutes(PauseChanges pauses)
{
    public IEnumerable<AdminRoute> All =>
    [
        new("GET", "/pauses", Permissions.Read, "Shows what is paused.", Show)
        {
            Gives = () => PauseJson.Default.PausesView,
        },
        new("POST", "/pause", Permissions.Pause,
            "Refuses every call of every grant until /resume.", call => SetAsync(call, true))
        {
            Gives = () => PauseJson.Default.PausesView,
        },
        new("POST", "/resume", Permissions.Edit,
            "Ends /pause; what was paused by itself stays paused.", call => SetAsync(call, false))
        {
            Gives = () => PauseJson.Default.PausesView,
        },
    ];

    private static Task<AdminResponse> Show(AdminCall call) => Task.FromResult(
        AdminResponse.Ok(PausesView.Of(call.State), PauseJson.Default.PausesView));

    private async Task<AdminResponse> SetAsync(AdminCall call, bool paused) =>
        await pauses.SetAsync(call, Pauses.GatewayName, paused)
        ?? AdminResponse.Ok(PausesView.Of(pauses.State), PauseJson.Default.PausesView);
}

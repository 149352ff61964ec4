using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Pausing;

/// <summary><c>/pauses</c>, <c>/pause</c>, <c>/resume</c>: pauses and resumes all calls.</summary>
internal sealed class PauseRoutes(PauseChanges pauses, ProcessClock clock) : IAdminRoutes
{
    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/pauses", Show).Requires(Permissions.Read)
            .WithSummary("Shows what is paused.").Produces<PausesView>();
        api.MapPost("/pause", PauseAsync).Requires(Permissions.Pause)
            .WithSummary("Refuses every call of every grant until /resume, or until an end.")
            .Takes(static () => PauseJson.Default.PauseInput).Produces<PausesView>();
        api.MapPost("/resume", (AdminCall call) => SetAsync(call, false)).Requires(Permissions.Edit)
            .WithSummary("Ends /pause; grants and servers paused individually stay paused.").Produces<PausesView>();
    }

    private Task<AdminResponse> Show(AdminCall call) => Task.FromResult(
        AdminResponse.Ok(PausesView.Of(call.State, clock.NowMs()), PauseJson.Default.PausesView));

    private async Task<AdminResponse> PauseAsync(AdminCall call)
    {
        var (details, problem) = await pauses.ReadAsync(call);
        return details is null ? problem! : await SetAsync(call, true, details);
    }

    private async Task<AdminResponse> SetAsync(AdminCall call, bool paused, PauseDetails? details = null) =>
        await pauses.SetAsync(call, Pauses.GatewayName, paused, details)
        ?? AdminResponse.Ok(PausesView.Of(pauses.State, clock.NowMs()), PauseJson.Default.PausesView);
}

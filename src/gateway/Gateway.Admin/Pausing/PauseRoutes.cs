using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Proxy.Pinning;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Pausing;

/// <summary><c>/pauses</c>, <c>/pause</c>, <c>/resume</c>: pauses and resumes all calls, or those of a tool.</summary>
internal sealed class PauseRoutes(PauseChanges pauses, PinnedTools pinned, ProcessClock clock) : IAdminRoutes
{
    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/pauses", (AdminCall _) => Task.FromResult(Shown())).Requires(Permissions.Read)
            .WithSummary("Shows what is paused.").Produces<PausesView>();
        api.MapPost("/pause", PauseAsync).Requires(Permissions.Pause)
            .WithSummary("Refuses every call of every grant until /resume, or until the given time.")
            .Takes(static () => PauseJson.Default.PauseInput).Produces<PausesView>();
        api.MapPost("/resume", (AdminCall call) => SetAsync(call, Pauses.GatewayName, false)).Requires(Permissions.Edit)
            .WithSummary("Ends the pause of every call; grants and servers that were paused individually stay "
                + "paused.").Produces<PausesView>()
            .WithQuery(AdminRoute.Reason);
        api.MapPost("/servers/{name}/tools/{tool}/pause", PauseToolAsync)
            .Requires(Permissions.Pause, RoleScope.NamedServer)
            .WithSummary("Refuses every call of a tool until the tool is resumed, or until the given time.")
            .Takes(static () => PauseJson.Default.PauseInput).Produces<PausesView>();
        api.MapPost("/servers/{name}/tools/{tool}/resume", ResumeToolAsync)
            .Requires(Permissions.Edit, RoleScope.NamedServer)
            .WithSummary("Ends the pause of a tool.").Produces<PausesView>()
            .WithQuery(AdminRoute.Reason);
    }

    private async Task<AdminResponse> PauseAsync(AdminCall call)
    {
        var (details, problem) = await pauses.ReadAsync(call);
        return details is null ? problem! : await SetAsync(call, Pauses.GatewayName, true, details);
    }

    private async Task<AdminResponse> PauseToolAsync(AdminCall call)
    {
        var tool = call.Value("tool");
        if (!call.State.Objects.Servers.ContainsKey(call.Name))
            return Problems.NotFound("server", call.Name, call.State.ServerNamesShown);
        // A misspelled name would look like a pause. While no list is known, any name may be the tool's.
        if (pinned.NamesOf(call.Name) is { Count: > 0 } known && !known.Contains(tool))
            return Problems.NotFound("tool", tool, known);
        var (details, problem) = await pauses.ReadAsync(call);
        return details is null ? problem! : await SetToolAsync(call, details with { Tool = new(call.Name, tool) });
    }

    private Task<AdminResponse> ResumeToolAsync(AdminCall call) => SetToolAsync(call, null);

    private Task<AdminResponse> SetToolAsync(AdminCall call, PauseDetails? details) =>
        SetAsync(call, Pauses.OfToolName(call.Name, call.Value("tool")), details is not null, details);

    private AdminResponse Shown(long? version = null) =>
        AdminResponse.Ok(PausesView.Of(pauses.State, clock.NowMs()), PauseJson.Default.PausesView, version);

    private async Task<AdminResponse> SetAsync(AdminCall call, string name, bool paused, PauseDetails? details = null)
    {
        var (version, problem) = await pauses.SetAsync(call, name, paused, details);
        return problem ?? Shown(version);
    }
}

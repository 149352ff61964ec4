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
            "Refuses every call of every grant until /resume.", PauseAsync)
        {
            Takes = () => PauseJson.Default.PauseInput, Gives = () => PauseJson.Default.PausesView,
        },
        new("POST", "/resume", Permissions.Edit,
            "Ends /pause; what was paused by itself stays paused.", call => SetAsync(call, false))
        {
            Gives = () => PauseJson.Default.PausesView,
        },
    ];

    private static Task<AdminResponse> Show(AdminCall call) => Task.FromResult(
        AdminResponse.Ok(PausesView.Of(call.State), PauseJson.Default.PausesView));

    private async Task<AdminResponse> PauseAsync(AdminCall call)
    {
        // Earlier releases sent no body.
        if (call.Request.ContentType is null)
            return await SetAsync(call, true);
        var (input, problem) = await call.ReadAsync(PauseJson.Default.PauseInput);
        if (input is null)
            return problem!;
        return input.Reason is { Length: > PauseInput.ReasonLengthMax }
            ? Problems.Invalid($"\"reason\" has at most {PauseInput.ReasonLengthMax} characters.")
            : await SetAsync(call, true, string.IsNullOrWhiteSpace(input.Reason) ? null : input.Reason.Trim());
    }

    private async Task<AdminResponse> SetAsync(AdminCall call, bool paused, string? reason = null) =>
        await pauses.SetAsync(call, Pauses.GatewayName, paused, reason)
        ?? AdminResponse.Ok(PausesView.Of(pauses.State), PauseJson.Default.PausesView);
}

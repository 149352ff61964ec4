using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Records;

/// <summary>The clock of this gateway after an operator confirmed it.</summary>
/// <param name="Accepted">False if the clock was already trusted and nothing was changed.</param>
/// <param name="Time">The current time of the gateway.</param>
/// <param name="Reason">The reason why it was not trusted.</param>
internal sealed record ClockView(bool Accepted, DateTimeOffset Time, string? Reason);

/// <summary><c>/clock</c>: lets an operator confirm a correct clock that this process does not trust.</summary>
internal sealed partial class ClockRoutes(ProcessClock clock, ChangeWriter changes, ILogger<ClockRoutes> logger)
    : IAdminRoutes
{
    private static readonly ControlKey Subject = new("clock", "gateway");

    public void Map(RouteGroupBuilder api)
    {
        api.MapPost("/clock/accept", AcceptAsync).Requires(Permissions.Administer)
            .WithSummary("Confirms that the clock of this gateway's machine is right, if the gateway does not "
                + "trust it.").Produces<ClockView>();
    }

    private async Task<AdminResponse> AcceptAsync(AdminCall call)
    {
        // Reading the clock first detects whether it was corrected since then.
        var heldMs = clock.NowMs();
        if (clock.Reason is not { } reason)
            return View(new ClockView(false, Time(heldMs), null));
        var shownMs = clock.WallMs();
        var change = new DocumentChange("accept", Subject, 0, null, Json(heldMs), Json(shownMs)) { Reason = reason };
        if (!await changes.RecordAsync(call.Actor, change))
            return Problems.AuditUnavailable;
        var isAccepted = clock.Accept();
        LogAccepted(call.Caller.Name, call.From, Time(shownMs), reason);
        return View(new ClockView(isAccepted, Time(clock.NowMs()), reason));
    }

    private static byte[] Json(long unixMs) =>
        JsonSerializer.SerializeToUtf8Bytes(Time(unixMs), RecordJson.Default.DateTimeOffset);

    private static DateTimeOffset Time(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs);

    private static AdminResponse View(ClockView view) => AdminResponse.Ok(view, RecordJson.Default.ClockView);

    [LoggerMessage(1, LogLevel.Warning, "{By} at {From} confirmed the clock of this machine, {Time:s}Z: {Reason}")]
    private partial void LogAccepted(string by, string from, DateTimeOffset time, string reason);
}

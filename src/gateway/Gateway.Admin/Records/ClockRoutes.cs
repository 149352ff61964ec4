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
/// <param name="Accepted">False if it was trusted already, and nothing was changed.</param>
/// <param name="Time">The time that the gateway counts by now.</param>
/// <param name="Reason">Why it was not trusted.</param>
internal sealed record ClockView(bool Accepted, DateTimeOffset Time, string? Reason);

/// <summary><c>/clock</c>: the way out where this process does not trust a right clock.</summary>
internal sealed partial class ClockRoutes(ProcessClock clock, ChangeWriter changes, ILogger<ClockRoutes> logger)
    : IAdminRoutes
{
    private static readonly ControlKey Subject = new("clock", "gateway");

    public void Map(RouteGroupBuilder api)
    {
        api.MapPost("/clock/accept", AcceptAsync).Requires(Permissions.Administer)
            .WithSummary("Confirms that the clock of this gateway's machine is right, where the gateway does not "
                + "trust it.").Produces<ClockView>();
    }

    private async Task<AdminResponse> AcceptAsync(AdminCall call)
    {
        // Reading the clock finds out first whether it was set right by now.
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

    [LoggerMessage(1, LogLevel.Warning, "{By} at {From} confirmed the clock of this machine, {Time:u}: {Reason}")]
    private partial void LogAccepted(string by, string from, DateTimeOffset time, string reason);
}

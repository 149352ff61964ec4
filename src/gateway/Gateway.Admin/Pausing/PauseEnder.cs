using Gateway.Admin.Identity.Records;
using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Proxy.Approvals.Requests;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Pausing;

/// <summary>
/// Resumes what was paused until a time. Calls stay refused while the store cannot be written, or the change cannot be
/// recorded.
/// </summary>
internal sealed partial class PauseEnder(
    ChangeWriter changes, SnapshotUpdater control, ProcessClock clock, ILogger<PauseEnder> logger) : IExpiring
{
    private static readonly Actor Ender = new("(end of the pause)") { Origin = "gateway" };

    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        // A pause must not end early because the clock is wrong.
        if (!clock.IsTrusted)
            return;
        foreach (var name in control.State.Pauses.EndedAt(clock.NowMs()).ToList())
        {
            var key = new ControlKey(ControlKinds.Pauses, name);
            if (control.State.Documents.Find(key) is not { } old)
                continue;
            // Every gateway of the store tries. The version lets one of them end it, and never another pause.
            var write = await changes.MakeAsync(
                Ender, new DocumentChange("resume", key, old.Version, null, old.Content.ToArray(), null));
            await control.RefreshAsync(CancellationToken.None);
            if (write is { IsWritten: true })
                LogEnded(name);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The pause of {Name} has reached its end: calls are accepted again.")]
    private partial void LogEnded(string name);
}

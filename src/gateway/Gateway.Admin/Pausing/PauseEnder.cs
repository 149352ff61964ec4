using System.Text.Json;
using Gateway.Admin.Identity.Records;
using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Proxy.Approvals.Requests;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Pausing;

/// <summary>
/// Resumes what was paused until a time, and revokes what has expired, so that it stays so if the clock is set back.
/// Calls stay refused while the store cannot be written, or the change cannot be recorded.
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

        var nowMs = clock.NowMs();
        foreach (var (name, pause) in control.State.Pauses.Subjects.ToList())
        {
            if (pause.Subject is { IsRevoked: false, ExpiresMs: { } expiresMs } && nowMs >= expiresMs)
                await RevokeAsync(new ControlKey(ControlKinds.Pauses, name));
        }
    }

    private async Task RevokeAsync(ControlKey key)
    {
        if (control.State.Documents.Find(key) is not { } old || JsonSerializer.Deserialize(
            old.Content.Span, ControlJsonContext.Default.PauseDocument) is not { } stored)
            return;
        var content = ControlJsonContext.Write(
            stored with { Revoked = true }, ControlJsonContext.Default.PauseDocument);
        await changes.MakeAsync(
            Ender, new DocumentChange("revoke", key, old.Version, content, old.Content.ToArray(), content));
        await control.RefreshAsync(CancellationToken.None);
    }

    [LoggerMessage(1, LogLevel.Information, "The pause of {Name} has reached its end: calls are accepted again.")]
    private partial void LogEnded(string name);
}

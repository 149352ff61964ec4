using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Records;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Updating;
using Gateway.Limits.Model;

namespace Gateway.Admin.Pausing;

/// <summary>
/// Pauses that have documents of their own in the store: of everything, of a server, and of a grant from the file. The
/// intent does not depend on other changes, so no version is required, and a repeated request changes nothing.
/// </summary>
internal sealed class PauseChanges(ControlChanges changes, SnapshotUpdater control, ProcessClock clock)
{
    private const int AttemptsMax = 3;

    /// <summary>The active state; up to date after a call that has changed something.</summary>
    public ControlState State => control.State;

    /// <returns>Null on success.</returns>
    public async Task<AdminResponse?> SetAsync(AdminCall call, string name, bool paused, string? reason = null)
    {
        var key = new ControlKey(ControlKinds.Pauses, name);
        for (var attempt = 1; ; attempt++)
        {
            // Another gateway may have changed it a moment ago. An operator who pauses something must not be told that
            // it is already paused if it is not.
            await control.RefreshAsync(CancellationToken.None);
            var old = control.State.Documents.Find(key);
            if (old is not null == paused)
                return null;
            var content = paused ? Content(call, reason) : null;
            var (_, problem) = await changes.MakeAsync(call, new DocumentChange(
                paused ? "pause" : "resume", key, old?.Version ?? 0, content, old?.Content.ToArray(), content)
            {
                Reason = reason,
            });
            if (problem?.Status != Problems.Changed.Status || attempt == AttemptsMax)
                return problem;
        }
    }

    private byte[] Content(AdminCall call, string? reason) => ControlJsonContext.Write(
        new PauseDocument
        {
            Since = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs()),
            From = call.From,
            By = call.Caller.Name,
            Reason = reason,
        },
        ControlJsonContext.Default.PauseDocument);
}

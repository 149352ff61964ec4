using Gateway.Limits;
using Gateway.Proxy.Admin.Answers;
using Gateway.Proxy.Audit;
using Gateway.Proxy.Control;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Admin.Changes;

/// <summary>
/// Makes one change: recorded, written, in force. Recorded first, because what cannot be recorded is not done; a change
/// that then loses to another one gets a second record that says so.
/// </summary>
internal sealed partial class ControlChanges(
    IControlStore store, ControlPlane control, AuditLog audit, ProcessClock clock, ILogger<ControlChanges> logger)
{
    /// <summary>The new version, or why there is none.</summary>
    public async Task<(long Version, AdminAnswer? Problem)> MakeAsync(AdminCall call, ControlChange change)
    {
        var id = CallId.New().ToString();
        if (!await audit.RecordAsync(ChangeLine.Made(id, clock.NowMs(), call.From, change)))
            return (0, Problems.AuditUnavailable);
        // From here on it is done or not, whether the operator still waits or not.
        ControlWrite write;
        try
        {
            write = change.Content is { } content
                ? await store.WriteAsync(change.Key, change.ExpectedVersion, content, CancellationToken.None)
                : await store.DeleteAsync(change.Key, change.ExpectedVersion, CancellationToken.None);
        }
        catch (ControlStoreException e)
        {
            await audit.PostAsync(ChangeLine.Failed(id, clock.NowMs(), $"unknown: {e.Message}"));
            throw;
        }

        if (!write.IsWritten)
        {
            await audit.PostAsync(ChangeLine.Failed(id, clock.NowMs(), "another change came first"));
            return (0, Problems.Changed);
        }

        await control.RefreshAsync(CancellationToken.None);
        LogChanged(change.Action, change.Key, call.From);
        return (write.Version, null);
    }

    /// <summary>
    /// The version that the change is to replace, or why it must not be tried: <c>If-Match</c> missing or of another
    /// version.
    /// </summary>
    public static AdminAnswer? CheckVersion(AdminCall call, long version)
    {
        var wanted = call.Request.Headers.IfMatch;
        if (wanted.Count == 0)
            return Problems.NeedsVersion;
        return ETags.Match(wanted, version) ? null : Problems.Changed;
    }

    [LoggerMessage(1, LogLevel.Information, "The administrator at {From} did {Action} {Key}")]
    private partial void LogChanged(string action, ControlKey key, string from);
}

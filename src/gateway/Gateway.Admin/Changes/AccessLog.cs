using Gateway.Admin.Answers;
using Gateway.Audit.Writing;
using Gateway.Control.Health;
using Gateway.Limits.Model;

namespace Gateway.Admin.Changes;

/// <summary>Audit records of access.</summary>
internal sealed class AccessLog(AuditLog audit, ProcessClock clock)
{
    private const int ExportersMax = 1024;
    private readonly MinuteBudget<string> _exports = new(linesMax: 1, ExportersMax);

    /// <summary>
    /// Records an export of records: once a minute per operator, because an export consists of many requests.
    /// </summary>
    public async Task NoteExportAsync(AdminCall call, string action)
    {
        if (_exports.TryTake($"{action} {call.Caller.Name}", clock.NowMs(), out _))
            await NoteAsync(call, action);
    }

    /// <summary>Records an access before it returns. A failed write does not block access.</summary>
    public async Task NoteAsync(AdminCall call, string action, string? became = null, string? about = null) =>
        await TryNoteAsync(call, action, became, about);

    /// <summary>Records the same, and returns whether the record was written.</summary>
    public ValueTask<bool> TryNoteAsync(
        AdminCall call, string action, string? became = null, string? about = null) =>
        audit.RecordAsync(AccessRecord.Of(clock.NowMs(), action, call, became, about));
}

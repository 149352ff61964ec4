using Gateway.Admin.Answers;
using Gateway.Audit.Writing;
using Gateway.Control.Health;
using Gateway.Limits.Model;

namespace Gateway.Admin.Changes;

/// <summary>Puts on record who came in, and how.</summary>
internal sealed class AccessLog(AuditLog audit, ProcessClock clock)
{
    private const int ExportersMax = 1024;
    private readonly MinuteBudget<string> _exports = new(linesMax: 1, ExportersMax);

    /// <summary>Records who takes records elsewhere: once a minute for each, as an export is many requests.</summary>
    public async Task NoteExportAsync(AdminCall call, string action)
    {
        if (_exports.TryTake($"{action} {call.Caller.Name}", clock.NowMs(), out _))
            await NoteAsync(call, action);
    }

    /// <summary>On return it is recorded, as far as the record can be written: nobody is kept out for that.</summary>
    public async Task NoteAsync(AdminCall call, string action, string? became = null, string? about = null) =>
        await TryNoteAsync(call, action, became, about);

    /// <summary>Records the same, and returns whether the record is written.</summary>
    public ValueTask<bool> TryNoteAsync(
        AdminCall call, string action, string? became = null, string? about = null) =>
        audit.RecordAsync(AccessRecord.Of(clock.NowMs(), action, call, became, about));
}

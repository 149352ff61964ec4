using Gateway.Admin.Answers;
using Gateway.Audit.Writing;
using Gateway.Limits.Model;

namespace Gateway.Admin.Changes;

/// <summary>Puts on record who came in, and how.</summary>
internal sealed class AccessLog(AuditLog audit, ProcessClock clock)
{
    /// <summary>On return it is recorded, as far as the record can be written: nobody is kept out for that.</summary>
    public async Task NoteAsync(AdminCall call, string action) =>
        await audit.RecordAsync(AccessRecord.Of(clock.NowMs(), action, call));
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Policy.Text;
using Gateway.Proxy.Approvals.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Records;

/// <summary>A note of operators on a condition that needs attention, as the control store keeps it.</summary>
internal sealed record AttentionNote
{
    /// <summary>The text of the condition when the note was written.</summary>
    public required string Text { get; init; }

    /// <summary>The operator who takes care of it; null for nobody.</summary>
    public string? Assignee { get; init; }

    /// <summary>A comment for other operators.</summary>
    public string? Comment { get; init; }

    /// <summary>
    /// The time until which it is out of the list, in Unix milliseconds, unless its text or severity changes; null for
    /// never.
    /// </summary>
    public long? SnoozedUntilMs { get; init; }

    /// <summary>The severity that is snoozed.</summary>
    public string? Severity { get; init; }

    /// <summary>The operator who wrote the note.</summary>
    public required string By { get; init; }

    /// <summary>The time of the note in Unix milliseconds.</summary>
    public required long AtMs { get; init; }
}

/// <summary>The request to assign, comment or snooze a condition; absent members are cleared.</summary>
internal sealed record AttentionNoteInput
{
    /// <summary>The operator who takes care of it; at most 64 characters.</summary>
    public string? Assignee { get; init; }

    /// <summary>A comment for other operators; at most 1,024 characters.</summary>
    public string? Comment { get; init; }

    /// <summary>How long, or until when, it is out of the list, such as <c>4h</c>; at most 30 days.</summary>
    public string? Snooze { get; init; }
}

/// <summary>The note on a condition.</summary>
/// <param name="Assignee">The operator who takes care of it; null for nobody.</param>
/// <param name="Comment">A comment for other operators.</param>
/// <param name="SnoozedUntil">The time until which it is out of the list; null if it is not.</param>
/// <param name="By">The operator who wrote the note.</param>
/// <param name="At">The time of the note.</param>
internal sealed record AttentionNoteView(
    string? Assignee, string? Comment, DateTimeOffset? SnoozedUntil, string By, DateTimeOffset At);

/// <summary><c>/attention</c>: assigns, comments and snoozes the conditions that need attention.</summary>
internal sealed class AttentionNotes(AttentionReport report, ControlChanges changes, ProcessClock clock)
    : IAdminRoutes
{
    private const string Kind = ControlKinds.AttentionNotes;
    private const int CommentMax = 1024;
    private static readonly TimeSpan SnoozeMax = TimeSpan.FromDays(30);

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/attention", ListAsync).Requires(Permissions.Read)
            .WithSummary("Lists the conditions that need attention, the most severe first, snoozed ones last.")
            .Produces<PageView<AttentionView>>();
        api.MapPut("/attention/{name}", PutAsync).Requires(Permissions.Edit)
            .WithSummary("Assigns, comments or snoozes a condition that needs attention.")
            .Takes(static () => RecordJson.Default.AttentionNoteInput).Produces<AttentionView>();
    }

    /// <summary>Returns the id of a condition: it stays while the condition lasts, whatever its numbers are.</summary>
    public static string IdOf(AttentionView one) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes($"{one.Kind}\n{one.Server}\n{one.About}")).AsSpan(0, 8));

    /// <summary>Adds the ids and the notes; snoozed conditions come last.</summary>
    public static IReadOnlyList<AttentionView> Add(
        IEnumerable<AttentionView> all, ControlSnapshot documents, long nowMs)
    {
        var noted = all.Select(one => one with { Id = IdOf(one) }).Select(one =>
            documents.Find(new ControlKey(Kind, one.Id)) is { } document && Read(document) is { } note
                ? one with { Note = View(one, note, nowMs) } : one);
        return [.. noted.OrderBy(static one => one.IsSnoozed)];
    }

    /// <summary>Returns the notes whose conditions ended long ago.</summary>
    public static IEnumerable<ControlDocument> Outdated(ControlSnapshot documents, long nowMs) =>
        documents.OfKind(Kind).Where(document => Read(document) is not { } note
            || nowMs - Math.Max(note.AtMs, note.SnoozedUntilMs ?? 0) > (long)SnoozeMax.TotalMilliseconds);

    // The most severe comes first, so there is one page.
    private Task<AdminResponse> ListAsync(AdminCall call) => Task.FromResult(AdminResponse.Ok(
        new PageView<AttentionView>(report.Of(call.State).Attention, null),
        RecordJson.Default.PageViewAttentionView));

    private async Task<AdminResponse> PutAsync(AdminCall call)
    {
        var (input, unreadable) = await call.ReadAsync(RecordJson.Default.AttentionNoteInput);
        if (input is null)
            return unreadable!;
        if (report.Of(call.State).Attention.FirstOrDefault(one => one.Id == call.Name) is not { } found)
            return Problems.NotFound("condition", call.Name);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());
        DateTimeOffset? until = null;
        if (input.Assignee is { } assignee && assignee != call.Caller.Name
            && call.State.Documents.TableOf(ControlKinds.Operators).Find(assignee) is null)
            return Problems.Invalid($"There is no operator \"{Spelling.Shorten(assignee)}\".");
        if (input.Comment?.Length > CommentMax)
            return Problems.Invalid(
                $"The comment has {input.Comment.Length} characters; at most {CommentMax} are allowed.");
        if (input.Snooze is { Length: > 0 } snooze)
        {
            if (!WrittenTime.TryAhead(snooze, now, out var end) || end <= now || end > now + SnoozeMax)
                return Problems.Invalid($"\"snooze\" must be in the future and within 30 days: {WrittenTime.Rule}.");
            until = end;
        }

        var note = new AttentionNote
        {
            Text = found.Text,
            Assignee = input.Assignee,
            Comment = input.Comment?.Trim() is { Length: > 0 } comment ? comment : null,
            SnoozedUntilMs = until?.ToUnixTimeMilliseconds(),
            Severity = found.Severity,
            By = call.Caller.Name,
            AtMs = now.ToUnixTimeMilliseconds(),
        };
        var key = new ControlKey(Kind, call.Name);
        var old = call.State.Documents.Find(key);
        var content = JsonSerializer.SerializeToUtf8Bytes(note, RecordJson.Default.AttentionNote);
        var isEmpty = note is { Assignee: null, Comment: null, SnoozedUntilMs: null };
        if (isEmpty && old is null)
            return AdminResponse.Ok(found, RecordJson.Default.AttentionView);
        var (version, problem) = await changes.MakeAsync(call, new DocumentChange(
            isEmpty ? "delete" : "note", key, old?.Version ?? 0, isEmpty ? null : content, old?.Content.ToArray(),
            isEmpty ? null : content));
        return problem ?? AdminResponse.Ok(
            found with { Note = isEmpty ? null : View(found, note, note.AtMs) }, RecordJson.Default.AttentionView,
            version);
    }

    private static AttentionNoteView View(AttentionView one, AttentionNote note, long nowMs) => new(
        note.Assignee, note.Comment,
        // What changed since is news: another tool, more calls, a higher severity.
        note.SnoozedUntilMs is { } untilMs && nowMs < untilMs && note.Text == one.Text && note.Severity == one.Severity
            ? Time(untilMs) : null,
        note.By, Time(note.AtMs));

    private static AttentionNote? Read(ControlDocument document) =>
        document.ReadOrNull(RecordJson.Default.AttentionNote);

    private static DateTimeOffset Time(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
}

/// <summary>Removes notes whose conditions ended long ago.</summary>
internal sealed class AttentionSweep(IControlStore store, SnapshotUpdater control, ProcessClock clock) : IExpiring
{
    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var old in AttentionNotes.Outdated(control.State.Documents, clock.NowMs()).ToList())
            await store.DeleteAsync(old.Key, old.Version, cancellationToken);
    }
}

using System.Buffers;
using System.Text.Json;
using Gateway.Admin.Identity.Records;
using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Gateway.Limits.Model;

namespace Gateway.Cluster.Control;

/// <summary>
/// Records changes of control documents that no gateway recorded. Every change by a gateway is in the history of the
/// store, so any other change was made by someone who reached a silo's port or the store itself.
/// </summary>
internal sealed partial class UnrecordedChanges(
    SnapshotUpdater control, IControlStore store, AuditLog audit, ProcessClock clock, TimeProvider time,
    ILogger<UnrecordedChanges> log) : BackgroundService
{
    /// <summary>
    /// Interval of checks; a gateway writes the document first and its history immediately afterwards.
    /// </summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Number of revisions to search for deletions, whose revision no document shows.</summary>
    private const int RevisionsMax = 512;

    /// <summary>
    /// Kinds of documents that only people change and remove, always through <see cref="ChangeWriter"/>.
    /// </summary>
    private static readonly string[] Kinds =
    [
        ControlKinds.Servers, ControlKinds.ServerNames, ControlKinds.Policies, ControlKinds.Lists,
        ControlKinds.Budgets, ControlKinds.Grants, ControlKinds.Generations, ControlKinds.Pauses,
        ControlKinds.Operators, ControlKinds.Channels, ControlKinds.Admin, ControlKinds.Alerts,
    ];

    /// <summary>Kinds of documents that only people change; some are also removed together with their owner.</summary>
    private static readonly string[] WrittenKinds =
    [
        .. Kinds, ControlKinds.OperatorKeys, ControlKinds.Candidates, ControlKinds.Classifications,
        ControlKinds.Invitations, ControlKinds.Absences,
    ];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (done, seen) = (control.State.Documents, control.State.Documents);
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await CheckAsync(done, seen, stoppingToken);
                (done, seen) = (seen, control.State.Documents);
            }
            catch (ControlStoreException)
            {
                // The history cannot be read now; the same revisions are checked again.
            }
        }
    }

    private async Task CheckAsync(ControlSnapshot before, ControlSnapshot after, CancellationToken cancellationToken)
    {
        // A gateway rewrites an unchanged document to make another change depend on its version.
        var written = WrittenKinds.SelectMany(after.OfKind).Where(document => document.Version > before.Revision
            && before.Find(document.Key)?.Content.Span.SequenceEqual(document.Content.Span) != true).ToList();
        var removed = Kinds.SelectMany(before.OfKind).Where(document => after.Find(document.Key) is null).ToList();
        if (written.Count == 0 && removed.Count == 0) return;
        var recorded = await store.Archive.ReadAsync(
            HistoryStore.LatestTopic, [.. Numbers(written, removed.Count > 0, before, after)], cancellationToken);
        var objects = recorded.Select(static entry => (entry.Key, Object: ObjectOf(entry.Value))).ToList();
        foreach (var document in written)
        {
            if (!objects.Contains((document.Version, document.Key.ToString()))
                && !await IsInHistoryAsync(document, cancellationToken))
                await RecordAsync("write", document);
        }

        foreach (var document in removed)
            if (objects.All(one => one.Object != document.Key.ToString())) await RecordAsync("delete", document);
    }

    /// <summary>
    /// Looks in the object's own topic of the history: a script may make more changes in an interval than the topic of
    /// the latest changes keeps.
    /// </summary>
    private async Task<bool> IsInHistoryAsync(ControlDocument document, CancellationToken cancellationToken)
    {
        var found = await store.Archive.ReadAsync(
            HistoryStore.TopicOf(document.Key.ToString()), [document.Version], cancellationToken);
        return found.TryGetValue(document.Version, out var entry) && ObjectOf(entry) == document.Key.ToString();
    }

    private static IEnumerable<long> Numbers(
        List<ControlDocument> written, bool areAll, ControlSnapshot before, ControlSnapshot after)
    {
        var versions = written.Select(static document => document.Version);
        if (!areAll) return versions;
        var first = Math.Max(before.Revision, after.Revision - RevisionsMax) + 1;
        return versions.Union(Enumerable.Range(0, (int)(after.Revision - first + 1)).Select(index => first + index));
    }

    /// <summary>Returns the document that a history entry concerns; null if the entry cannot be read.</summary>
    private static string? ObjectOf(byte[] entry)
    {
        try
        {
            using var json = JsonDocument.Parse(entry, new JsonDocumentOptions { MaxDepth = 256 });
            return json.RootElement.TryGetProperty("object", out var key) ? key.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task RecordAsync(string action, ControlDocument document)
    {
        LogUnrecorded(action, document.Key, document.Version);
        var line = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("kind", "change");
            json.WriteString("time", RefusalJson.Time(clock.NowMs()));
            json.WriteString("changeId", CallId.New().ToString());
            json.WriteString("by", "unknown");
            json.WriteString("from", "unknown");
            json.WriteString("action", action);
            json.WriteString("object", document.Key.ToString());
            json.WriteString("reason", $"no gateway recorded this change; last known version {document.Version}");
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        await audit.PostAsync(line.WrittenSpan);
    }

    [LoggerMessage(1, LogLevel.Error,
        "No gateway recorded this change: {Action} of {Key}, version {Version}. Someone else wrote to the store or to "
        + "a silo: check who can reach them, and revert the change.")]
    private partial void LogUnrecorded(string action, ControlKey key, long version);
}

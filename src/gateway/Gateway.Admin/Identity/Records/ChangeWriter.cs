using System.Text.Json;
using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Policy.Text;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Identity.Records;

/// <summary>
/// Makes one change of a document: recorded, written, and kept in the history that all gateways of the store share. It
/// is recorded first, because a change that cannot be recorded must not be made. If it then loses to another change, a
/// second record reports that.
/// </summary>
public sealed partial class ChangeWriter(
    IControlStore store, AuditLog audit, ProcessClock clock, HistoryStore history, RecordedSubjects subjects,
    ILogger<ChangeWriter> logger)
{
    /// <summary>The limit in bytes for the state before and after; of a longer one, only the length is kept.</summary>
    private const int DocumentBytesMax = 4096;

    /// <summary>The maximum number of texts in an entry for several changes; the rest is only counted.</summary>
    private const int ChangesMax = 1000;

    /// <summary>
    /// Records a change that affects no document, before it is made. Returns false if it cannot be recorded.
    /// </summary>
    public async Task<bool> RecordAsync(Actor by, DocumentChange change) =>
        await audit.RecordAsync(ChangeRecord.Made(CallId.New().ToString(), clock.NowMs(), by, change, subjects));

    /// <summary>Makes a change. Returns its result; null if it could not be recorded, and nothing was done.</summary>
    /// <param name="by">The identity that makes it.</param>
    /// <param name="change">The change. It is completed even if the caller no longer waits.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached; it may have been made.</exception>
    public async Task<ControlWrite?> MakeAsync(Actor by, DocumentChange change)
    {
        ArgumentNullException.ThrowIfNull(by);
        ArgumentNullException.ThrowIfNull(change);
        var id = CallId.New().ToString();
        if (!await audit.RecordAsync(ChangeRecord.Made(id, clock.NowMs(), by, change, subjects)))
            return null;
        ControlWrite write;
        try
        {
            write = await WriteAsync(change);
        }
        catch (ControlStoreException e)
        {
            await audit.PostAsync(ChangeRecord.Failed(id, clock.NowMs(), $"unknown: {e.Message}"));
            throw;
        }

        if (write.IsWritten)
            await KeepAsync(id, by, change, write.Version);
        else
            await audit.PostAsync(ChangeRecord.Failed(id, clock.NowMs(), "another change came first"));
        return write;
    }

    /// <summary>
    /// Records a change that something else makes, has it made, and keeps it in the history with the document that
    /// shows its result.
    /// </summary>
    /// <param name="by">The identity that makes it.</param>
    /// <param name="change">The change; its expected version is not used.</param>
    /// <param name="make">Makes it.</param>
    /// <returns>False if it could not be recorded, and nothing was done.</returns>
    /// <exception cref="ControlStoreException">The store cannot be reached; nothing was recorded.</exception>
    public async Task<bool> MakeAsync(Actor by, DocumentChange change, Func<Task> make)
    {
        ArgumentNullException.ThrowIfNull(by);
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(make);
        var known = (await store.ReadAsync(CancellationToken.None)).Find(change.Key);
        var id = CallId.New().ToString();
        if (!await audit.RecordAsync(ChangeRecord.Made(id, clock.NowMs(), by, change, subjects)))
            return false;
        try
        {
            await make();
        }
        catch (Exception e)
        {
            await audit.PostAsync(ChangeRecord.Failed(id, clock.NowMs(), $"unknown: {e.Message}"));
            throw;
        }

        try
        {
            var write = await store.WriteAsync(
                change.Key, known?.Version ?? 0, change.Content!, CancellationToken.None);
            if (write.IsWritten)
                await KeepAsync(id, by, change, write.Version);
            else
                LogLost(id, "another change came first");
        }
        catch (ControlStoreException e)
        {
            LogLost(id, e.Message);
        }

        return true;
    }

    /// <summary>
    /// Makes several changes in their order: a record for each, and one entry of the history for all. Ends at the first
    /// that loses to another one.
    /// </summary>
    /// <param name="by">The identity that makes them.</param>
    /// <param name="action">The action that the history shows for all of them.</param>
    /// <param name="whole">The object that the history shows for all of them.</param>
    /// <param name="all">The changes.</param>
    /// <returns>The number of changes made; null if they could not be recorded, and nothing was done.</returns>
    /// <exception cref="ControlStoreException">The store cannot be reached; one may have been made.</exception>
    public async Task<int?> MakeAllAsync(
        Actor by, string action, ControlKey whole, IReadOnlyList<DocumentChange> all)
    {
        ArgumentNullException.ThrowIfNull(by);
        ArgumentNullException.ThrowIfNull(all);
        string[] ids = [.. all.Select(static _ => CallId.New().ToString())];
        // Concurrently, so that many records share one write of the log.
        var recorded = await Task.WhenAll(all.Select((change, i) =>
            audit.RecordAsync(ChangeRecord.Made(ids[i], clock.NowMs(), by, change, subjects)).AsTask()));
        if (recorded.Contains(false))
        {
            await FailAsync(ids, 0, "not every change could be recorded");
            return null;
        }

        var (made, version) = (0, 0L);
        var policies = new Dictionary<string, long>(StringComparer.Ordinal);
        try
        {
            for (; made < all.Count; made++)
            {
                var write = await WriteAsync(all[made]);
                if (!write.IsWritten)
                    break;
                version = write.Version;
                if (all[made].Key.Kind == ControlKinds.Policies)
                    policies[all[made].Key.ToString()] = version;
            }
        }
        catch (ControlStoreException e)
        {
            await FailAsync(ids, made, $"unknown: {e.Message}");
            throw;
        }
        finally
        {
            if (made > 0)
            {
                await KeepAsync(
                    ids[0], by, Together(action, whole, [.. all.Take(made)]), version,
                    policies.Count > 0 ? policies : null);
            }
        }

        await FailAsync(ids, made, "another change came first");
        return made;
    }

    // Not cancelable: the change is completed even if the caller no longer waits.
    private ValueTask<ControlWrite> WriteAsync(DocumentChange change) => change.Content is { } content
        ? store.WriteAsync(change.Key, change.ExpectedVersion, content, CancellationToken.None)
        : store.DeleteAsync(change.Key, change.ExpectedVersion, CancellationToken.None);

    private async Task FailAsync(string[] ids, int first, string why)
    {
        foreach (var id in ids.Skip(first))
            await audit.PostAsync(ChangeRecord.Failed(id, clock.NowMs(), why));
    }

    private static DocumentChange Together(string action, ControlKey whole, List<DocumentChange> parts)
    {
        var texts = parts.SelectMany(static part => part.Changes is { } changes
            ? changes.Select(change => Placed(change, part.Key))
            : [$"{part.Action} {part.Key}"]).ToList();
        return new DocumentChange(action, whole, 0, null, null, null)
        {
            Objects = [.. parts.Select(static part => part.Key.ToString())],
            Changes = texts.Count <= ChangesMax ? texts
                : [.. texts.Take(ChangesMax), $"and {Spelling.Count(texts.Count - ChangesMax, "more change")}"],
        };
    }

    /// <summary>Returns the text of a document's change in a list of changes of several documents.</summary>
    private static string Placed(string change, ControlKey key) =>
        change.IndexOf('/', StringComparison.Ordinal) is var at and >= 0
            ? $"{change[..at]}/{key}{change[at..]}"
            : $"{change} of {key}";

    /// <summary>
    /// Adds the change to the history. If that fails, the change remains in effect and in the audit log.
    /// </summary>
    private async Task KeepAsync(
        string id, Actor by, DocumentChange change, long version, Dictionary<string, long>? versions = null)
    {
        var view = new HistoryView(
            id, DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs()), by.Name, by.From ?? "", change.Action,
            change.Key.ToString(), version, Shown(change.Before), Shown(change.After), change.Reason)
        {
            Credential = by.Credential,
            CredentialId = by.CredentialId,
            Origin = by.Origin,
            Frontend = change.Frontend,
            Changes = change.Changes,
            Objects = change.Objects,
            Versions = versions,
        };
        try
        {
            await history.KeepAsync(view, CancellationToken.None);
        }
        catch (ControlStoreException e)
        {
            LogLost(id, e.Message);
        }
    }

    private static JsonElement? Shown(byte[]? document) => document is null ? null
        : document.Length <= DocumentBytesMax
            ? JsonElement.Parse(document, new JsonDocumentOptions { MaxDepth = 250 })
            : JsonSerializer.SerializeToElement($"{document.Length} bytes", HistoryJson.Default.String);

    [LoggerMessage(1, LogLevel.Warning, "The change {Id} was made but is missing in the history: {Why}")]
    private partial void LogLost(string id, string why);
}

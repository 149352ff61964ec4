using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Secrets;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>
/// The approvals in the control store. Every change is a compare-and-swap on the version that was read.
/// </summary>
public sealed class ApprovalRepository(DocumentCache documents, IControlStore store, SecretProtector secrets)
{
    /// <summary>The placeholder for arguments whose key is lost, as JSON.</summary>
    public const string Unreadable = "\"(these arguments cannot be decrypted: their key is gone)\"";

    /// <summary>The purpose of the digests that name the documents.</summary>
    public const string Purpose = "approval";

    private const int StoreAttemptsMax = 3;

    /// <summary>Returns every control document as of now, for all lookups of one decision.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public ValueTask<ControlSnapshot> ReadAsync(CancellationToken cancellationToken) =>
        documents.ReadAsync(cancellationToken);

    /// <summary>Returns the request for the call with this digest, or null if there is none.</summary>
    public static ApprovalEntry? Find(ControlSnapshot snapshot, string name) =>
        snapshot.Find(KeyOf(name)) is { } document ? Entry(document) : null;

    /// <summary>Returns the version that a write of this document must expect; 0 if it does not exist.</summary>
    public static long VersionOf(ControlSnapshot snapshot, string name) => snapshot.Find(KeyOf(name))?.Version ?? 0;

    /// <summary>
    /// Returns every document, the oldest first: requests for approval, and tasks of calls that needed none.
    /// </summary>
    public static IReadOnlyList<ApprovalEntry> All(ControlSnapshot snapshot) =>
        [.. snapshot.OfKind(ControlKinds.Approvals).Select(Entry).OfType<ApprovalEntry>()
            .OrderBy(static entry => entry.Approval.AskedMs)];

    /// <summary>Returns every request for a person's approval, the oldest request first.</summary>
    public static IEnumerable<ApprovalEntry> Requests(ControlSnapshot snapshot) =>
        All(snapshot).Where(static entry => entry.Approval.Task?.IsOnlyTask != true);

    /// <summary>Returns the requests whose tasks may still have to run, without reading any other.</summary>
    internal static IEnumerable<ApprovalEntry> WithOpenTasks(ControlSnapshot snapshot) => WithTasks(
        snapshot, static document => document.Content.Span.IndexOf("\"endedMs\":"u8) < 0);

    /// <summary>Returns the requests with tasks.</summary>
    internal static IEnumerable<ApprovalEntry> WithTasks(ControlSnapshot snapshot) =>
        WithTasks(snapshot, static _ => true);

    /// <summary>
    /// Returns the tasks of calls that wait for room of a limit, or waited, without reading any other.
    /// </summary>
    internal static IEnumerable<ApprovalEntry> WithTurns(ControlSnapshot snapshot) => WithTasks(
        snapshot, static document => document.Content.Span.IndexOf("\"turn\":"u8) >= 0);

    /// <summary>
    /// Returns the request of a task; null if there is none. A request that another one of the same call has replaced
    /// is stored under its id.
    /// </summary>
    /// <param name="snapshot">The documents.</param>
    /// <param name="name">The digest of its call.</param>
    /// <param name="id">The id of the request.</param>
    internal static ApprovalEntry? FindTask(ControlSnapshot snapshot, string name, string id)
    {
        var found = Find(snapshot, name) is { } entry && entry.Approval.Id == id ? entry : Find(snapshot, id);
        return found is { Approval.Task: not null } && found.Approval.Id == id ? found : null;
    }

    /// <summary>Returns the approval with its arguments decrypted, for the person who decides.</summary>
    /// <param name="approval">The approval as stored.</param>
    /// <param name="snapshot">The snapshot that it comes from, with the keys.</param>
    public Approval Opened(Approval approval, ControlSnapshot snapshot)
    {
        if (approval.SealedArguments is not { } sealedArguments)
            return approval;
        return approval with
        {
            Arguments = secrets.TryOpen(sealedArguments, snapshot, out var arguments) ? arguments : Unreadable,
        };
    }

    /// <summary>
    /// Returns the call that a denial suggested instead, with its arguments, while it may be used; null if there is
    /// none.
    /// </summary>
    public Approval? SuggestionOf(Approval denied, ControlSnapshot snapshot, long nowMs) =>
        denied.Suggestion is { } name && Find(snapshot, name) is { } entry && entry.Approval.SuggestedFor == denied.Id
        && entry.Approval.StateAt(nowMs) == ApprovalState.Approved
            ? Opened(entry.Approval, snapshot)
            : null;

    /// <summary>Returns true if a denial suggested a call that is not stored, or no longer.</summary>
    public static bool IsSuggestionMissing(Approval denied, ControlSnapshot snapshot) =>
        denied.Suggestion is { } name && Find(snapshot, name)?.Approval.SuggestedFor != denied.Id;

    /// <returns>The stored entry, or null if another change came first.</returns>
    /// <exception cref="ControlStoreException">
    /// The store cannot be reached; the entry may have been written.
    /// </exception>
    public async ValueTask<ApprovalEntry?> WriteAsync(
        string name, long expectedVersion, Approval approval, CancellationToken cancellationToken)
    {
        if (approval.Arguments is { } arguments)
        {
            approval = approval with
            {
                Arguments = null,
                SealedArguments = await secrets.SealAsync(arguments, cancellationToken),
            };
        }

        var content = JsonSerializer.SerializeToUtf8Bytes(approval, ApprovalJsonContext.Default.Approval);
        var written = await store.WriteAsync(KeyOf(name), expectedVersion, content, cancellationToken);
        return written.IsWritten ? new ApprovalEntry(name, written.Version, approval) : null;
    }

    /// <summary>
    /// Stores a request, and tries again if the store does not report the outcome. Its task may then make the call, so
    /// that the client must not be told that it is not made.
    /// </summary>
    /// <returns>
    /// The entry of this request, or null if another change came first; uncertain if no attempt had an outcome.
    /// </returns>
    internal async ValueTask<(ApprovalEntry? Entry, bool IsUncertain)> StoreAsync(
        string name, long expectedVersion, Approval approval)
    {
        for (var attempt = 0; attempt < StoreAttemptsMax; attempt++)
        {
            try
            {
                if (await WriteAsync(name, expectedVersion, approval, CancellationToken.None) is { } stored)
                    return (stored, false);
                // The conflict may be with an earlier attempt, whose response was lost.
                var found = Find(await ReadAsync(CancellationToken.None), name);
                return (found?.Approval.Id == approval.Id ? found : null, false);
            }
            catch (ControlStoreException)
            {
                // The next attempt finds what this one wrote.
            }
        }

        return (null, true);
    }

    /// <summary>Deletes the entry; returns false if it has changed since it was read.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<bool> DeleteAsync(ApprovalEntry entry, CancellationToken cancellationToken) =>
        (await store.DeleteAsync(KeyOf(entry.Name), entry.Version, cancellationToken)).IsWritten;

    /// <summary>Returns once the store has changed since <paramref name="revision"/>, or after a timeout.</summary>
    public async ValueTask WaitAsync(long revision, TimeSpan atMost, CancellationToken cancellationToken) =>
        await store.WaitAsync(revision, atMost, cancellationToken);

    // Texts within a document are escaped, so that these bytes are members.
    private static IEnumerable<ApprovalEntry> WithTasks(ControlSnapshot snapshot, Func<ControlDocument, bool> where) =>
        snapshot.OfKind(ControlKinds.Approvals)
            .Where(document => document.Content.Span.IndexOf("\"task\":"u8) >= 0 && where(document))
            .Select(Entry).OfType<ApprovalEntry>().Where(static entry => entry.Approval.Task is not null);

    private static ControlKey KeyOf(string name) => new(ControlKinds.Approvals, name);

    // An unreadable document counts as not approved: a new request replaces it.
    private static ApprovalEntry? Entry(ControlDocument document) =>
        document.ReadOrNull(ApprovalJsonContext.Default.Approval) is { } read
            ? new ApprovalEntry(document.Key.Name, document.Version, read) : null;
}

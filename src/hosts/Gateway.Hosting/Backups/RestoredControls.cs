using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Admin.Identity.Records;
using Gateway.Control.Authenticity;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Mcp.Writing;
using Gateway.Storage.Postgres.Documents;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Hosting.Backups;

/// <summary>
/// The documents of a backup in memory, as a store: the changes that are necessary before a gateway may use them are
/// made here, and authenticated if the store has a key.
/// </summary>
/// <param name="documents">The documents as they were backed up.</param>
internal sealed class RestoredControls(ControlSnapshot documents) : IControlStore
{
    /// <summary>
    /// The restored revision is this far above the backup's: the lost changes had the numbers between, and no version
    /// may come back with other content.
    /// </summary>
    public const long RevisionGap = 1_000_000;

    private const string By = "gateway restore";

    /// <summary>
    /// Kinds of documents that are used once, or count their uses: they may have been used after the backup, and would
    /// admit again. An absence may have been cleared, and would delegate again.
    /// </summary>
    private static readonly string[] UsedOnce =
    [
        ControlKinds.Approvals, ControlKinds.StandingApprovals, ControlKinds.RetryTokens, ControlKinds.Sessions,
        ControlKinds.OAuthRequests, ControlKinds.OAuthCodes, ControlKinds.Invitations, ControlKinds.Absences,
    ];

    private readonly List<(long Version, ControlKey Key, bool IsRemoved)> _changes = [];
    private ControlSnapshot _snapshot = new(documents.Revision + RevisionGap, documents.Documents);

    public bool IsShared => false;

    /// <summary>The archive is restored unchanged, not through this store.</summary>
    public IArchive Archive => throw new NotSupportedException();

    /// <summary>The documents as they are now.</summary>
    public ControlSnapshot Snapshot => _snapshot;

    /// <summary>The changes made, one sentence each.</summary>
    public List<string> Done { get; } = [];

    /// <summary>The number of grants that start paused because nothing shows whether they were revoked.</summary>
    public int GrantsPaused { get; private set; }

    public ValueTask<ControlSnapshot> ReadAsync(CancellationToken cancellationToken) => new(_snapshot);

    public ValueTask<long> WaitAsync(long revision, TimeSpan atMost, CancellationToken cancellationToken) =>
        new(_snapshot.Revision);

    public ValueTask<ControlWrite> ChangeAsync(
        ControlKey key, long expectedVersion, byte[]? content, CancellationToken cancellationToken)
    {
        var version = _snapshot.Find(key)?.Version ?? 0;
        if (version != expectedVersion)
            return new(ControlWrite.Conflict(version));
        var revision = _snapshot.Revision + 1;
        if (key.Kind is not (ControlKinds.DocumentMacs or ControlKinds.ValueKeys) && !UsedOnce.Contains(key.Kind))
            _changes.Add((revision, key, content is null));
        _snapshot = content is null
            ? _snapshot.Without(revision, key)
            : _snapshot.With(revision, new ControlDocument(key, revision, content));
        return new(ControlWrite.Written(revision));
    }

    /// <summary>Returns the changes as entries of the history.</summary>
    public IEnumerable<ArchivedEntry> History(DateTimeOffset now)
    {
        foreach (var (version, key, isRemoved) in _changes)
        {
            using var bytes = new MemoryStream();
            using (var json = new Utf8JsonWriter(bytes))
            {
                json.WriteStartObject();
                json.WriteString("changeId", CallId.New().ToString());
                json.WriteString("time", now);
                json.WriteString("by", By);
                json.WriteString("from", Environment.MachineName);
                json.WriteString("action", isRemoved ? "remove" : "pause");
                json.WriteString("object", key.ToString());
                json.WriteNumber("version", version);
                json.WriteString("reason", "A backup was restored.");
                json.WriteEndObject();
            }

            yield return new ArchivedEntry(HistoryStore.LatestTopic, version, bytes.ToArray());
        }
    }

    /// <summary>Removes and pauses everything that must not come back unchanged.</summary>
    /// <param name="later">The known changes after the backup.</param>
    /// <param name="storeKey">The file of store keys; null for none.</param>
    /// <param name="now">The present time.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="BackupException">The documents are authenticated, and there is no key.</exception>
    /// <exception cref="ControlStoreException">The key does not authenticate the documents.</exception>
    public async Task ApplyAsync(
        LaterChanges later, string? storeKey, DateTimeOffset now, CancellationToken cancellation)
    {
        if (storeKey is null)
        {
            if (_snapshot.Find(VersionIndex.Key) is not null)
            {
                throw new BackupException("The documents of the backup are authenticated by a store key, so the "
                    + "restore must authenticate its changes too: give the file of keys with --store-key.");
            }

            await ApplyAsync(this, later, now, cancellation);
            return;
        }

        var options = new AuthenticityOptions
        {
            Keys = DocumentKeys.Load(storeKey),
            Memory = new IndexMemory(null, TimeProvider.System, static _ => ValueTask.CompletedTask),
        };
        using var signed = new AuthenticatedControlStore(
            this, options, NullLogger<AuthenticatedControlStore>.Instance);
        await ApplyAsync(signed, later, now, cancellation);
    }

    private async Task ApplyAsync(
        IControlStore store, LaterChanges later, DateTimeOffset now, CancellationToken cancellation)
    {
        var all = await store.ReadAsync(cancellation);
        foreach (var kind in UsedOnce)
        {
            var documents = all.OfKind(kind).ToList();
            foreach (var document in documents)
                await store.DeleteAsync(document.Key, document.Version, cancellation);
            if (documents.Count > 0)
                Done.Add($"omitted {documents.Count} {kind}: they may have been used since the backup");
        }

        // The identity of the key of values is counted in the longest window there is, and that window is closed too,
        // so a gateway could not create a key. Nothing is counted yet, so any key will do.
        var values = new ControlKey(ControlKinds.ValueKeys, "counters");
        if (all.Find(values) is null)
        {
            var made = new ValueKeyDocument(RandomNumberGenerator.GetBytes(32));
            await store.WriteAsync(
                values, 0, ControlJsonContext.Write(made, ControlJsonContext.Default.ValueKeyDocument), cancellation);
        }

        foreach (var (about, why) in later.Removed)
            await RemoveAsync(store, all, about, why, now, cancellation);
        foreach (var (name, pause) in later.Paused)
        {
            if (await TryPauseAsync(store, all, name, now, cancellation, pause.Document))
                Done.Add($"{Said(name, pause.Document)} ({pause.Why})");
        }

        if (later.IsKnown)
            return;
        // The pause of the gateway is for grants of the configuration file, which no backup contains.
        await TryPauseAsync(store, all, Pauses.GatewayName, now, cancellation);
        foreach (var grant in all.OfKind(ControlKinds.Grants))
        {
            await TryPauseAsync(store, all, Pauses.OfGrantName(grant.Key.Name), now, cancellation);
            GrantsPaused++;
        }
    }

    private async Task RemoveAsync(
        IControlStore store, ControlSnapshot all, string about, string why, DateTimeOffset now,
        CancellationToken cancellation)
    {
        var at = about.IndexOf('/', StringComparison.Ordinal);
        var (kind, name) = (about[..at], about[(at + 1)..]);
        var gone = all.OfKind(kind).Where(document => document.Key.Name == name);
        // An operator's or a grant's credentials are removed with it.
        if (kind == ControlKinds.Operators)
        {
            gone = gone.Concat(all.OfKind(ControlKinds.Passkeys).Where(document => document.Key.Name == name))
                .Concat(all.OfKind(ControlKinds.OperatorKeys).Where(
                    document => document.Key.Name.StartsWith(name + "/", StringComparison.Ordinal)));
        }
        else if (kind == ControlKinds.Grants)
            gone = gone.Concat(all.OfKind(ControlKinds.OAuthTokens).Where(document => document.Key.Name == name));

        var isFound = false;
        foreach (var document in gone.ToList())
        {
            isFound = true;
            // A list and a log may name the same document.
            var write = await store.DeleteAsync(document.Key, document.Version, cancellation);
            if (write.IsWritten)
                Done.Add($"removed {document.Key} ({why})");
        }

        // Either a grant of the configuration file or a typing error: it must not be served in either case.
        if (!isFound && kind == ControlKinds.Grants && why.StartsWith(LaterChanges.Listed, StringComparison.Ordinal)
            && await TryPauseAsync(store, all, Pauses.OfGrantName(name), now, cancellation))
        {
            Done.Add($"paused {about} ({why}; the backup has no such grant: remove it from the configuration file)");
        }
    }

    private static string Said(string name, PauseDocument? pause) => pause switch
    {
        { Subject: { } subject, Revoked: var isRevoked } =>
            $"{(isRevoked ? "revoked" : "paused")} {VisibleText.Of(subject)} of {VisibleText.Of(pause.Issuer!)}",
        { Tool: { } tool } => $"paused the tool {VisibleText.Of(tool)} of {pause.Server}",
        _ => $"paused {name}",
    };

    /// <summary>Pauses a grant, a subject or a tool; returns false if it is paused already.</summary>
    /// <param name="store">The documents.</param>
    /// <param name="all">The documents of the backup.</param>
    /// <param name="name">The name of the pause.</param>
    /// <param name="now">The present time.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <param name="later">A pause that replaces one of the backup, which may have an end; null to keep that.</param>
    private static async Task<bool> TryPauseAsync(
        IControlStore store, ControlSnapshot all, string name, DateTimeOffset now, CancellationToken cancellation,
        PauseDocument? later = null)
    {
        var key = new ControlKey(ControlKinds.Pauses, name);
        var old = all.Find(key);
        if (old is not null && later is null)
            return false;
        var pause = (later ?? new PauseDocument()) with
        {
            Since = now,
            From = By,
            By = By,
            Reason = "restored from a backup",
            Until = null,
        };
        var content = ControlJsonContext.Write(pause, ControlJsonContext.Default.PauseDocument);
        return (await store.WriteAsync(key, old?.Version ?? 0, content, cancellation)).IsWritten;
    }
}

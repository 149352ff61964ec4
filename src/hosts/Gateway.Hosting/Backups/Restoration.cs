using System.Text;
using Gateway.Admin.Identity.Records;
using Gateway.Audit.Directories;
using Gateway.Control.Documents;
using Gateway.Control.Secrets;
using Gateway.Control.Storage;
using Gateway.Storage.Local.Files;
using Gateway.Storage.Local.Journal;
using Gateway.Storage.Postgres.Documents;

namespace Gateway.Hosting.Backups;

/// <summary>A request to restore a backup.</summary>
/// <param name="File">The backup.</param>
/// <param name="Data">The data directory.</param>
/// <param name="Store">The URL of a database; null restores the documents into the directory.</param>
/// <param name="StoreKey">The file of store keys; null for none.</param>
/// <param name="Replaces">True to replace the content of the target.</param>
internal sealed record RestoreRequest(string File, string Data, string? Store, string? StoreKey, bool Replaces)
{
    public BackupSecret? Secret { get; init; }

    /// <summary>Data directories of gateways that ran after the backup, or their <c>audit</c> folders.</summary>
    public IReadOnlyList<string> Audits { get; init; } = [];

    /// <summary>Lists of grants that were revoked or paused after the backup.</summary>
    public IReadOnlyList<string> Lists { get; init; } = [];
}

/// <summary>The result of a restore.</summary>
internal sealed record RestoreReport(
    BackupManifest Backup, RestoredControls Controls, LaterChanges Later, string? Replaced,
    IReadOnlyList<string> Notes);

/// <summary>Restores a backup into an empty data directory or database.</summary>
internal static class Restoration
{
    /// <exception cref="BackupException">The backup or the target cannot be used; nothing was changed.</exception>
    public static async Task<RestoreReport> RunAsync(
        RestoreRequest request, TimeProvider time, CancellationToken cancellation)
    {
        using var target = RestoreTarget.Open(request.Data, request.Store is not null, request.Replaces);
        await using var database = request.Store is null ? null
            : await PostgresCopy.OpenAsync(request.Store, makesTables: true, cancellation);
        if (database is not null)
            await RequireFreeAsync(database, request.Replaces, cancellation);
        var manifest = BackupReader.Read(request.File, request.Secret, target.Staged);
        var now = time.GetUtcNow();
        if (now < manifest.Created)
        {
            throw new BackupException($"The clock of this machine shows {now:s}Z, and the backup was made at "
                + $"{manifest.Created.UtcDateTime:s}Z. Set the clock, then restore.");
        }

        var (later, notes) = Later(request, manifest, target.Staged);
        var documents = Documents(target.Staged, manifest);
        var controls = new RestoredControls(documents);
        await controls.ApplyAsync(later, request.StoreKey, now, cancellation);
        Note(documents, request.Audits.Count, notes);
        Prepare(target.Staged, documents, controls, database is null, now);
        var done = new RestoreDone(
            now, Environment.UserName, Environment.MachineName, manifest.Created, controls.GrantsPaused,
            [.. controls.Done.Take(RestoreDone.ChangesMax)]);
        OwnedFile.Write(Path.Combine(target.Staged, DataDirectory.RestoreRecordName), done.Write());
        target.Begin();
        if (database is not null)
        {
            var archive = Archive(target.Staged, manifest).ToList();
            await database.ReplaceAsync(
                controls.Snapshot, archive.Select(static entry => entry()).Concat(controls.History(now)),
                Lost(controls, now), mark: null, cancellation);
            Directory.Delete(Path.Combine(target.Staged, "control"), recursive: true);
            if (Directory.Exists(Path.Combine(target.Staged, "control-archive")))
                Directory.Delete(Path.Combine(target.Staged, "control-archive"), recursive: true);
        }

        return new RestoreReport(manifest, controls, later, target.Commit(now), notes);
    }

    private static StoredCounters Lost(RestoredControls controls, DateTimeOffset now) =>
        StoredCounters.Lost(StoredValueKey.MarksOf(controls.Snapshot), now.ToUnixTimeMilliseconds());

    private static async Task RequireFreeAsync(PostgresCopy database, bool replaces, CancellationToken cancellation)
    {
        if (await database.UsersAsync(cancellation) is { Count: > 0 } users)
        {
            throw new BackupException($"{database.Place} is in use by the gateways at {string.Join(", ", users)}. "
                + "Stop them, then restore.");
        }

        if (!replaces && !await database.IsEmptyAsync(cancellation))
        {
            throw new BackupException($"{database.Place} is not empty: a gateway has used it. Restore into another "
                + "database, or give --replace, which deletes its content.");
        }
    }

    private static (LaterChanges Later, List<string> Notes) Later(
        RestoreRequest request, BackupManifest manifest, string staged)
    {
        var (later, notes) = (new LaterChanges(), new List<string>());
        foreach (var audit in request.Audits)
        {
            notes.Add(later.AddAudit(audit, manifest.Created) is { } last
                ? $"The audit log {audit} ends at {last.UtcDateTime:s}Z: later changes are not known."
                : $"The audit log {audit} has no record after the backup, so it does not show what was revoked after "
                    + "the backup.");
        }

        foreach (var list in request.Lists)
            later.AddList(list);
        return (later, notes);
    }

    /// <summary>Notes that each frontend records only its own changes.</summary>
    private static void Note(ControlSnapshot documents, int audits, List<string> notes)
    {
        var writers = documents.OfKind(ControlKinds.Checkpoints).Select(static document => document.Key.Name).ToList();
        if (audits > 0 && writers.Count > audits)
        {
            notes.Add($"The backup is from {writers.Count} gateways ({string.Join(", ", writers)}): a change that was "
                + "made at one of them is only in the audit log of that gateway. Give --audit for each of them.");
        }
    }

    private static ControlSnapshot Documents(string staged, BackupManifest manifest)
    {
        var snapshot = FileControlStore.Peek(Path.Combine(staged, "control"));
        return new ControlSnapshot(Math.Max(snapshot.Revision, manifest.Revision), snapshot.Documents);
    }

    /// <summary>Writes the differences from the backup, and the limits and the clock of a directory.</summary>
    private static void Prepare(
        string staged, ControlSnapshot before, RestoredControls controls, bool isLocal, DateTimeOffset now)
    {
        var after = controls.Snapshot;
        foreach (var document in before.Documents)
        {
            if (after.Find(document.Key) is null)
                File.Delete(PathOf(FileLayout.NameOf(document.Key)));
        }

        foreach (var document in after.Documents)
        {
            if (before.Find(document.Key)?.Version != document.Version)
                OwnedFile.Write(PathOf(FileLayout.NameOf(document.Key)), FileLayout.BytesOf(document));
        }

        OwnedFile.MakeFolder(Path.Combine(staged, "control"));
        OwnedFile.Write(Path.Combine(staged, "control", "revision"), Encoding.ASCII.GetBytes($"{after.Revision}\n"));
        OwnedFile.Write(Path.Combine(staged, "clock"), Encoding.ASCII.GetBytes(TrustedTimeFile.Text(now) + "\n"));
        if (!isLocal)
            return;
        foreach (var entry in controls.History(now))
            OwnedFile.Write(PathOf(FileLayout.NameOf(entry.Topic, entry.Number)), entry.Content);
        var limits = Path.Combine(staged, "limits");
        OwnedFile.MakeFolder(limits);
        JournalCounters.Write(limits, Lost(controls, now), now.ToUnixTimeMilliseconds());

        string PathOf(string name)
        {
            var path = Path.Combine([staged, .. name.Split('/')]);
            OwnedFile.MakeFolder(Path.GetDirectoryName(path)!);
            return path;
        }
    }

    /// <summary>Returns the entries of the archive, each of which is read on demand.</summary>
    private static IEnumerable<Func<ArchivedEntry>> Archive(string staged, BackupManifest manifest)
    {
        foreach (var name in manifest.Entries.Keys)
        {
            if (FileLayout.Entry(name) is not { } entry)
                continue;
            var topic = manifest.Topics.GetValueOrDefault(entry.Folder) ?? FileLayout.TopicOf(entry.Folder)
                ?? throw new BackupException($"The backup does not name the topic of archive folder {entry.Folder}. "
                    + "Restore the backup into a data directory.");
            var path = Path.Combine([staged, .. name.Split('/')]);
            yield return () => new ArchivedEntry(topic, entry.Number, File.ReadAllBytes(path));
        }
    }
}

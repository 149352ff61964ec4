using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Control.Documents;
using Gateway.Control.Secrets;
using Gateway.Control.Storage;
using Gateway.Hosting.Backups;
using Gateway.Storage.Local.Files;
using Gateway.Storage.Local.Journal;
using Gateway.Storage.Postgres.Documents;

namespace Gateway.Hosting.Migrations;

/// <summary>The mark of a migration in a data directory, which <c>gateway run</c> without a store reads.</summary>
internal static class FolderMark
{
    /// <exception cref="ControlStoreException">The file is damaged.</exception>
    public static MigrationMark? Read(string data)
    {
        var path = Path.Combine(data, MigrationMark.FileName);
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), MigrationJson.Default.MigrationMark)
                ?? throw new JsonException();
        }
        catch (JsonException e)
        {
            throw new ControlStoreException($"{path} is damaged, so it is unknown whether the content of {data} was "
                + "moved to another store. If it was not, delete the file and start again; if it was, start with "
                + "--store and that store.", e);
        }
    }

    public static void Write(string data, MigrationMark? mark)
    {
        var path = Path.Combine(data, MigrationMark.FileName);
        if (mark is null)
            File.Delete(path);
        else
        {
            OwnedFile.Write(path + ".tmp", JsonSerializer.SerializeToUtf8Bytes(
                mark, MigrationJson.Default.MigrationMark));
            File.Move(path + ".tmp", path, overwrite: true);
        }

        DirectorySync.Flush(data);
    }

    /// <summary>Returns true if the directory is being filled, so that a start waits.</summary>
    public static bool IsIncoming(string data) => Read(data)?.State == MigrationState.Incoming;

    /// <exception cref="ControlStoreException">The content has moved away, or has not arrived yet.</exception>
    public static void RequireUsable(string data)
    {
        var mark = Read(data);
        if (mark?.Refusal(Path.GetFullPath(data)) is not { } refusal)
            return;
        throw mark.State == MigrationState.Incoming
            ? new ControlStoreException(refusal, new TimeoutException(refusal))
            : new ControlStoreException(refusal);
    }

    /// <summary>Notes the first start after a migration. The caller holds the locks of the directory.</summary>
    /// <exception cref="ControlStoreException">The content has moved away, or has not arrived yet.</exception>
    public static void NoteStart(string data)
    {
        RequireUsable(data);
        if (Read(data) is { State: MigrationState.Arrived } mark)
            Write(data, mark with { State = MigrationState.Started });
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(MigrationMark))]
internal sealed partial class MigrationJson : JsonSerializerContext;

/// <summary>
/// The control documents, the archive and the limits of a data directory. Its audit log stays in place: it belongs to
/// the frontend, with any store.
/// </summary>
internal sealed class FolderStore : MigrationStore
{
    private static readonly string[] Parts = ["limits", "control-archive", "control"];

    private readonly string _data;
    private readonly bool _makes;
    private readonly List<FileStream> _held = [];

    /// <exception cref="BackupException">There is nothing to move.</exception>
    public FolderStore(string data, bool makes)
    {
        (_data, _makes) = (Path.GetFullPath(data), makes);
        if (makes)
            OwnedFile.MakeFolder(_data);
    }

    public override string Place => _data;

    private string Control => Path.Combine(_data, "control");

    private string Limits => Path.Combine(_data, "limits");

    public override Task<MigrationMark?> ReadMarkAsync(CancellationToken cancellation) =>
        Task.FromResult(FolderMark.Read(_data));

    public override Task WriteMarkAsync(MigrationMark? mark, CancellationToken cancellation)
    {
        FolderMark.Write(_data, mark);
        return Task.CompletedTask;
    }

    public override Task<string?> UsersAsync(CancellationToken cancellation)
    {
        try
        {
            if (_held.Count == 0)
                Hold();
            return Task.FromResult<string?>(null);
        }
        catch (IOException)
        {
            Release();
            return Task.FromResult<string?>("another process");
        }
    }

    public override Task<bool> IsEmptyAsync(CancellationToken cancellation) =>
        Task.FromResult(!Parts.Any(part => Files(part).Any()));

    public override string? MoveAside(DateTimeOffset now)
    {
        var aside = RestoreTarget.AsideOf(_data, now);
        OwnedFile.MakeFolder(aside);
        // The mark keeps gateways away while the locks move with their folders.
        Release();
        foreach (var part in Parts.Where(part => Directory.Exists(Path.Combine(_data, part))))
            Directory.Move(Path.Combine(_data, part), Path.Combine(aside, part));
        DirectorySync.Flush(_data);
        Hold();
        return aside;
    }

    public override Task<StoreContent> ReadAsync(DateTimeOffset now, bool hasCounters, CancellationToken cancellation)
    {
        if (!Directory.Exists(Control))
        {
            throw new BackupException($"{_data} holds no control documents: name the directory that \"gateway run\" "
                + "was given with --data.");
        }

        var documents = FileControlStore.Peek(Control);
        var revision = Path.Combine(Control, "revision");
        var highest = File.Exists(revision)
            ? long.Parse(File.ReadAllText(revision).Trim(), CultureInfo.InvariantCulture) : 0;
        documents = new ControlSnapshot(Math.Max(documents.Revision, highest), documents.Documents);
        var nowMs = Math.Max(now.ToUnixTimeMilliseconds(), TrustedTimeFile.Read(_data).HighestMs ?? 0);
        var counters = hasCounters ? JournalCounters.Read(Limits, nowMs, StoredValueKey.MarksOf(documents))
            : StoreContent.Empty.Counters;
        return Task.FromResult(new StoreContent(documents, ArchiveAsync(cancellation), counters));
    }

    public override async Task FillAsync(
        StoreContent content, MigrationMark mark, DateTimeOffset now, CancellationToken cancellation)
    {
        // The mark shows that it is being filled: existing content is from an attempt that was stopped.
        foreach (var path in Parts.SelectMany(Files))
            File.Delete(path);
        foreach (var document in content.Documents.Documents)
            OwnedFile.MakeFolder(Path.GetDirectoryName(PathOf(FileLayout.NameOf(document.Key)))!);
        await Parallel.ForEachAsync(content.Documents.Documents, cancellation, (document, _) =>
        {
            OwnedFile.Write(PathOf(FileLayout.NameOf(document.Key)), FileLayout.BytesOf(document));
            return ValueTask.CompletedTask;
        });
        if (content.Documents.Revision > 0)
        {
            OwnedFile.Write(
                Path.Combine(Control, "revision"), Encoding.ASCII.GetBytes($"{content.Documents.Revision}\n"));
        }

        await foreach (var entry in content.Archive.WithCancellation(cancellation))
        {
            var path = PathOf(FileLayout.NameOf(entry.Topic, entry.Number));
            OwnedFile.MakeFolder(Path.GetDirectoryName(path)!);
            OwnedFile.Write(path, entry.Content);
        }

        if (content.Documents.Revision > 0)
            JournalCounters.Write(Limits, content.Counters, now.ToUnixTimeMilliseconds());
        foreach (var part in Parts.Select(part => Path.Combine(_data, part)).Where(Directory.Exists))
        {
            foreach (var folder in Directory.EnumerateDirectories(part, "*", SearchOption.AllDirectories))
                DirectorySync.Flush(folder);
            DirectorySync.Flush(part);
        }

        DirectorySync.Flush(_data);
        FolderMark.Write(_data, mark);
    }

    public override Task<bool> TryReclaimAsync(CancellationToken cancellation)
    {
        if (FolderMark.Read(_data) is not { State: MigrationState.Arrived or MigrationState.Incoming } mark)
            return Task.FromResult(false);
        FolderMark.Write(_data, mark with { State = MigrationState.Incoming });
        return Task.FromResult(true);
    }

    public override ValueTask DisposeAsync()
    {
        Release();
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes the same locks as a gateway over this directory.</summary>
    private void Hold()
    {
        foreach (var path in (string[])[Path.Combine(Control, "lock"), Path.Combine(Limits, "journal.lock")])
        {
            if (_makes)
                OwnedFile.MakeFolder(Path.GetDirectoryName(path)!);
            if (Directory.Exists(Path.GetDirectoryName(path)))
                _held.Add(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
    }

    private void Release()
    {
        _held.ForEach(static file => file.Dispose());
        _held.Clear();
    }

    private string PathOf(string name) => Path.Combine([_data, .. name.Split('/')]);

    /// <summary>Returns all files except the locks.</summary>
    private IEnumerable<string> Files(string part) => !Directory.Exists(Path.Combine(_data, part)) ? []
        : Directory.EnumerateFiles(Path.Combine(_data, part), "*", SearchOption.AllDirectories)
            .Where(static path => Path.GetFileName(path) is not ("lock" or "journal.lock"));

    private async IAsyncEnumerable<ArchivedEntry> ArchiveAsync(
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var path in Files("control-archive"))
        {
            var name = Path.GetRelativePath(_data, path).Replace(Path.DirectorySeparatorChar, '/');
            if (Path.GetExtension(path) != ".json" || FileLayout.Entry(name) is not { } entry)
                continue;
            var topic = FileLayout.TopicOf(entry.Folder)
                ?? throw new BackupException($"The archive topic of {path} is unknown: the name of its "
                    + "folder was truncated. Move that folder out of the data directory and migrate again, or "
                    + "continue to use the data directory.");
            yield return new ArchivedEntry(topic, entry.Number, await File.ReadAllBytesAsync(path, cancellation));
        }
    }
}

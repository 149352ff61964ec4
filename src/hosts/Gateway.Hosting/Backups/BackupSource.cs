using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Audit.Files;
using Gateway.Control.Documents;
using Gateway.Storage.Local.Files;
using Gateway.Storage.Postgres.Documents;

namespace Gateway.Hosting.Backups;

/// <summary>Copies the data of a running gateway into a backup.</summary>
internal static class BackupSource
{
    /// <summary>The maximum number of comparisons before the copy is given up.</summary>
    private const int PassesMax = 1000;

    /// <summary>
    /// A file that changed this recently is read again, because its time may not distinguish two changes.
    /// </summary>
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Copies the documents and the archive of a data directory as of one revision. Files are copied, and those that
    /// have changed since are copied again, until one whole pass over the folders finds no change: then the copy is the
    /// content of the folders at the start of that pass.
    /// </summary>
    /// <returns>The revision.</returns>
    /// <exception cref="BackupException">
    /// Documents change faster than they can be read, or one cannot be read.
    /// </exception>
    public static long CopyFiles(string data, BackupWriter to, TimeProvider time, CancellationToken cancellation)
    {
        var copied = new Dictionary<string, Stamp>(StringComparer.Ordinal);
        for (var pass = 0; pass < PassesMax; pass++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!CopyChanged(data, copied, to, time))
                return copied.Values.Max(static stamp => (long?)stamp.Version) ?? 0;
        }

        throw new BackupException($"The documents in {data} change faster than they can be copied. Try again when "
            + "fewer changes are made.");
    }

    /// <summary>Copies the documents and the archive of a database as of one moment.</summary>
    public static async Task<long> CopyDatabaseAsync(
        PostgresCopy from, BackupWriter to, Dictionary<string, string> topics, CancellationToken cancellation)
    {
        var documents = await from.ReadDocumentsAsync(cancellation);
        var created = TimeProvider.System.GetUtcNow();
        foreach (var document in documents.Documents)
            to.Add(FileLayout.NameOf(document.Key), FileLayout.BytesOf(document), created);
        to.Add(BackupNames.Revision, Encoding.ASCII.GetBytes($"{documents.Revision}\n"), created);
        await foreach (var entry in from.ReadArchiveAsync(cancellation))
        {
            to.Add(FileLayout.NameOf(entry.Topic, entry.Number), entry.Content, created);
            var folder = FileLayout.FolderOf(entry.Topic);
            if (FileLayout.TopicOf(folder) is null)
                topics[folder] = entry.Topic;
        }

        return documents.Revision;
    }

    /// <summary>
    /// Copies the audit log, with its evidence first, so that the evidence covers no more records than the files copied
    /// after it.
    /// </summary>
    public static void CopyAudit(string data, BackupWriter to)
    {
        var folder = Path.Combine(data, "audit");
        if (!Directory.Exists(folder))
            return;
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order())
        {
            if (AuditFileName.Of(path) is null && IsKept(path) && TryRead(path, out var bytes, out var changed))
                to.Add(Name(data, path), bytes, changed);
        }

        foreach (var file in AuditArchive.InOrder(folder))
        {
            // A file that was compressed after the folder was listed has another name; a missing one was too old.
            foreach (var path in (string[])[file.Path, AuditFileName.PackedOf(file.Path)])
            {
                if (!TryRead(path, out var bytes, out var changed))
                    continue;
                to.Add(Name(data, path), file.IsPacked || path != file.Path ? bytes : WholeLines(bytes), changed);
                break;
            }
        }
    }

    private static bool CopyChanged(
        string data, Dictionary<string, Stamp> copied, BackupWriter to, TimeProvider time)
    {
        var (isChanged, seen) = (false, new HashSet<string>(StringComparer.Ordinal));
        foreach (var path in Files(data))
        {
            var (name, file) = (Name(data, path), new FileInfo(path));
            if (!file.Exists)
                continue;
            if (copied.TryGetValue(name, out var before) && before.IsStable
                && (before.Changed, before.Length) == (file.LastWriteTimeUtc, file.Length))
            {
                seen.Add(name);
                continue;
            }

            var began = time.GetUtcNow().UtcDateTime;
            if (!TryRead(path, out var bytes, out var at))
                continue;
            seen.Add(name);
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (before?.Sha256 != sha256)
            {
                to.Add(name, bytes, at);
                isChanged = true;
            }

            copied[name] = new Stamp(
                at.UtcDateTime, bytes.Length, sha256, began - at.UtcDateTime > Recent, VersionOf(name, bytes));
        }

        foreach (var gone in copied.Keys.Where(name => !seen.Contains(name)).ToList())
        {
            copied.Remove(gone);
            to.Remove(gone);
            isChanged = true;
        }

        return isChanged;
    }

    /// <summary>Returns the revision in a file; 0 for an entry of the archive.</summary>
    private static long VersionOf(string name, byte[] bytes)
    {
        try
        {
            return name == BackupNames.Revision
                ? long.Parse(Encoding.ASCII.GetString(bytes).Trim(), CultureInfo.InvariantCulture)
                : name.StartsWith("control/", StringComparison.Ordinal) ? FileLayout.Document(name, bytes).Version : 0;
        }
        catch (Exception e) when (e is FormatException or ControlStoreException)
        {
            throw new BackupException($"{e.Message} A backup without this file would be incomplete. Restore the file "
                + "from an earlier backup, or move it away.", e);
        }
    }

    private static IEnumerable<string> Files(string data) => ((string[])["control", "control-archive"])
        .Select(folder => Path.Combine(data, folder)).Where(Directory.Exists)
        .SelectMany(static folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        .Where(static path => IsKept(path));

    private static bool IsKept(string path) => Path.GetFileName(path) is not ("lock" or ".probe")
        && Path.GetExtension(path) is not (".tmp" or ".new" or ".unfinished");

    private static byte[] WholeLines(byte[] bytes) => bytes[..(bytes.AsSpan().LastIndexOf((byte)'\n') + 1)];

    private static string Name(string data, string path) =>
        Path.GetRelativePath(data, path).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>Reads a file; returns false if it is gone.</summary>
    private static bool TryRead(string path, out byte[] bytes, out DateTimeOffset changed)
    {
        try
        {
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            changed = File.GetLastWriteTimeUtc(file.SafeFileHandle);
            // The length at this moment: a file that is being written keeps growing.
            bytes = new byte[file.Length];
            bytes = bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            (bytes, changed) = ([], default);
            return false;
        }
    }

    private sealed record Stamp(DateTime Changed, long Length, string Sha256, bool IsStable, long Version);
}

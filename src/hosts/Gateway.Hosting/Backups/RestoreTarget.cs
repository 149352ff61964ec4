using System.Globalization;
using Gateway.Audit.Directories;
using Gateway.Control.Storage;
using Gateway.Storage.Local.Files;

namespace Gateway.Hosting.Backups;

/// <summary>
/// The data directory into which a backup is restored. Everything is prepared in a folder inside it. Then a marker
/// file, over which no gateway starts, shows that the restore is under way, and renames put the prepared folders in
/// place.
/// </summary>
internal sealed class RestoreTarget : IDisposable
{
    /// <summary>
    /// The parts of the directory in the order in which they are put in place: the limits are closed before there is a
    /// document that could admit a call.
    /// </summary>
    private static readonly string[] Parts =
    [
        "limits", "clock", "control-index", "audit", "arguments", "control-archive", "control", MigrationMark.FileName,
        DataDirectory.RestoreRecordName,
    ];

    private static readonly (string Folder, string Name)[] Locks =
        [("audit", "lock"), ("control", "lock"), ("limits", "journal.lock")];

    private readonly string _data;
    private readonly List<FileStream> _held = [];

    private RestoreTarget(string data) => _data = data;

    /// <summary>The folder in which everything is prepared.</summary>
    public string Staged => Path.Combine(_data, ".restoring");

    private string Marker => Path.Combine(_data, DataDirectory.RestoringName);

    /// <summary>Locks the directory, so that no gateway starts there, and creates it if it is missing.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="isShared">True if the documents are in a database, so that only the audit log is here.</param>
    /// <param name="replaces">True to move existing content aside; otherwise the directory must be empty.</param>
    /// <exception cref="BackupException">It is in use, or not empty.</exception>
    public static RestoreTarget Open(string data, bool isShared, bool replaces)
    {
        var target = new RestoreTarget(Path.GetFullPath(data));
        try
        {
            target.Hold(isShared);
            if (!replaces && !File.Exists(target.Marker)
                && Parts.FirstOrDefault(part => !IsEmpty(Path.Combine(data, part))) is { } part)
            {
                throw new BackupException($"{data} is not empty: it has {part}. Restore into another directory, or "
                    + "give --replace, which moves its content to a folder inside it.");
            }

            if (Directory.Exists(target.Staged))
                Directory.Delete(target.Staged, recursive: true);
            OwnedFile.MakeFolder(target.Staged);
            return target;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            target.Dispose();
            throw new BackupException($"{data} cannot be restored into: {e.Message}", e);
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    /// <summary>Prevents every start of a gateway in this directory until <see cref="Commit"/> has completed.</summary>
    public void Begin()
    {
        foreach (var folder in Directory.EnumerateDirectories(Staged, "*", SearchOption.AllDirectories))
            DirectorySync.Flush(folder);
        DirectorySync.Flush(Staged);
        OwnedFile.Write(Marker, "A restore did not finish here. Run \"gateway restore\" again.\n"u8);
        DirectorySync.Flush(_data);
        // On Windows an open file keeps its folder in place; elsewhere the locks are held to the end.
        if (OperatingSystem.IsWindows())
            _held.ForEach(static file => file.Dispose());
    }

    /// <summary>The folder of a data directory for content that is replaced at this time.</summary>
    public static string AsideOf(string data, DateTimeOffset now) => Path.Combine(
        data, string.Create(CultureInfo.InvariantCulture, $"replaced-{now:yyyyMMdd'T'HHmmss'Z'}"));

    /// <summary>Puts the prepared folders in place.</summary>
    /// <returns>The folder with the previous content; null if there was none.</returns>
    public string? Commit(DateTimeOffset now)
    {
        var aside = AsideOf(_data, now);
        var hasAside = false;
        // The documents are removed first, so that an old document never stands beside new limits.
        foreach (var part in Parts.Reverse())
        {
            if (IsEmpty(Path.Combine(_data, part)))
                continue;
            OwnedFile.MakeFolder(aside);
            Move(Path.Combine(_data, part), Path.Combine(aside, part));
            hasAside = true;
        }

        foreach (var part in Parts)
        {
            var staged = Path.Combine(Staged, part);
            if (!File.Exists(staged) && !Directory.Exists(staged))
                continue;
            // An empty folder with or without a lock.
            if (Directory.Exists(Path.Combine(_data, part)))
                Directory.Delete(Path.Combine(_data, part), recursive: true);
            Move(staged, Path.Combine(_data, part));
        }

        DirectorySync.Flush(_data);
        File.Delete(Marker);
        DirectorySync.Flush(_data);
        return hasAside ? aside : null;
    }

    public void Dispose()
    {
        foreach (var file in _held)
            file.Dispose();
        if (Directory.Exists(Staged))
            Directory.Delete(Staged, recursive: true);
    }

    private void Hold(bool isShared)
    {
        OwnedFile.MakeFolder(_data);
        foreach (var (folder, name) in isShared ? Locks[..1] : Locks)
        {
            OwnedFile.MakeFolder(Path.Combine(_data, folder));
            var path = Path.Combine(_data, folder, name);
            try
            {
                _held.Add(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException e)
            {
                throw new BackupException($"Another process uses {_data} ({folder}/{name}): {e.Message} Stop the "
                    + "gateway that runs there, then restore.", e);
            }
        }
    }

    /// <summary>Returns true if the folder contains nothing but locks.</summary>
    private static bool IsEmpty(string path) => !File.Exists(path) && (!Directory.Exists(path)
        || Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .All(static file => Path.GetFileName(file) is "lock" or "journal.lock"));

    private static void Move(string from, string to)
    {
        if (Directory.Exists(from))
            Directory.Move(from, to);
        else
            File.Move(from, to);
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Control.Documents;

namespace Gateway.Storage.Local.Files;

/// <summary>
/// The directory <c>control/</c>: a folder for each kind, a file for each document, <c>revision</c> and <c>lock</c>,
/// all readable by the owner only. A change writes and flushes a temporary file, renames it over the old one, and
/// flushes the directory: after a loss of power the old document or the new one exists, never a part of either.
/// </summary>
internal sealed class ControlFolder : IDisposable
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;
    private const string TemporarySuffix = ".tmp";
    private readonly string _path;
    private readonly FileStream _lock;

    /// <exception cref="ControlStoreException">Another process owns the directory, or it cannot be used.</exception>
    public ControlFolder(string path)
    {
        _path = path;
        try
        {
            MakeFolder(path);
            _lock = Create(Path.Combine(path, "lock"), FileMode.OpenOrCreate);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ControlStoreException(
                $"The control documents in {path} cannot be used: {e.Message} "
                + "If another gateway runs on this directory, stop that gateway, or start this one with a different "
                + "--data directory.", e);
        }
    }

    /// <summary>
    /// Reads every document and the highest revision ever assigned. A damaged server, policy, list, grant or pause is
    /// included and marked, and everything that depends on it is denied. For other kinds the effect of a loss is
    /// unknown.
    /// </summary>
    /// <exception cref="ControlStoreException">
    /// Documents of other kinds are damaged; the message lists all of them.
    /// </exception>
    public (List<ControlDocument> Documents, long Revision) Load()
    {
        var documents = new List<ControlDocument>();
        var fatal = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories(_path))
        {
            foreach (var path in Directory.EnumerateFiles(folder))
            {
                // A file that a crash left unfinished was never the document.
                if (path.EndsWith(TemporarySuffix, StringComparison.Ordinal))
                    File.Delete(path);
                else if (path.EndsWith(DocumentName.Extension, StringComparison.Ordinal))
                {
                    var document = ReadOrMark(Path.GetFileName(folder), path);
                    documents.Add(document);
                    if (document.Damage is not null && !DeniesWithout(document.Key))
                        fatal.Add(path);
                }
            }
        }

        if (fatal.Count > 0)
        {
            throw new ControlStoreException(
                $"The gateway cannot start, because these control documents are damaged: {string.Join(", ", fatal)}. "
                + "Restore a backup (gateway restore), or see what can be discarded: gateway repair --dry-run.");
        }

        var highest = documents.Select(static document => document.Version).DefaultIfEmpty(0).Max();
        return (documents, Math.Max(highest, ReadRevision()));
    }

    /// <summary>Reads the documents of a directory that another process may own, without changing anything.</summary>
    /// <exception cref="ControlStoreException">A file cannot be read or is not a control document.</exception>
    public static IEnumerable<ControlDocument> Peek(string path) => !Directory.Exists(path) ? []
        : Files(path).Select(static file => Read(file.Kind, file.Path));

    private static IEnumerable<(string Kind, string Path)> Files(string path) =>
        Directory.EnumerateDirectories(path).SelectMany(static folder => Directory
            .EnumerateFiles(folder, "*" + DocumentName.Extension).Select(file => (Path.GetFileName(folder), file)));

    /// <exception cref="IOException">
    /// The document was not written, or it is uncertain whether it would survive a loss of power.
    /// </exception>
    public void Write(ControlDocument document)
    {
        var folder = Path.Combine(_path, document.Key.Kind);
        MakeFolder(folder);
        Replace(Path.Combine(folder, DocumentName.Of(document.Key.Name)), DocumentFile.Write(document).Span);
    }

    /// <summary>
    /// Stores the revision before deleting the document that carried it, so that no version is assigned twice.
    /// </summary>
    public void Delete(ControlKey key, long revision)
    {
        Replace(Path.Combine(_path, "revision"), System.Text.Encoding.UTF8.GetBytes($"{revision}\n"));
        var folder = Path.Combine(_path, key.Kind);
        File.Delete(Path.Combine(folder, DocumentName.Of(key.Name)));
        DirectorySync.Flush(folder);
    }

    /// <summary>Returns where the bytes of a damaged document are kept: in a folder beside the directory.</summary>
    public string Aside(string kind, string path) => Path.Combine(
        $"{Path.TrimEndingDirectorySeparator(_path)}-damaged", kind, Path.GetFileName(path));

    /// <summary>Keeps the bytes of a damaged document that is about to be replaced or deleted.</summary>
    public void PutAside(ControlKey key)
    {
        var path = Path.Combine(_path, key.Kind, DocumentName.Of(key.Name));
        // The name of a pause is all it needs, so its file stays until another one replaces it.
        if (File.Exists(path) && key.Kind != ControlKinds.Pauses)
            PutAside(key.Kind, path);
    }

    /// <summary>
    /// Moves a damaged file. A rename reads nothing, so it works even if the disk cannot read the file.
    /// </summary>
    public void PutAside(string kind, string path)
    {
        var target = Aside(kind, path);
        MakeFolder(Path.GetDirectoryName(Path.GetDirectoryName(target))!);
        MakeFolder(Path.GetDirectoryName(target)!);
        File.Move(path, target, overwrite: true);
        DirectorySync.Flush(Path.GetDirectoryName(target)!);
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>Returns the damaged files of a directory that no gateway uses.</summary>
    public IEnumerable<(ControlKey Key, string Path)> Damaged() => Files(_path)
        .Select(static file => (Document: ReadOrMark(file.Kind, file.Path), file.Path))
        .Where(static one => one.Document.Damage is not null)
        .Select(static one => (one.Document.Key, one.Path));

    /// <summary>Returns true if a document of which only the name is known can only cause denials.</summary>
    public static bool DeniesWithout(ControlKey key) =>
        key.Kind is ControlKinds.Servers or ControlKinds.Policies or ControlKinds.Lists or ControlKinds.Budgets
            or ControlKinds.Grants or ControlKinds.ServerNames
        || (key.Kind == ControlKinds.Pauses && !DocumentName.IsCut(key.Name));

    private static ControlDocument ReadOrMark(string kind, string path)
    {
        try
        {
            return Read(kind, path);
        }
        catch (ControlStoreException e) when (e.InnerException is not UnauthorizedAccessException)
        {
            var reason = e.InnerException is IOException ? $"cannot be read: {e.InnerException.Message}" : "is damaged";
            return new ControlDocument(
                new ControlKey(kind, DocumentName.NameOf(path)), VersionOf(path), "null"u8.ToArray())
            {
                Damage = $"the file {path} {reason}. Set the object again or delete it; the file is then "
                    + "kept in control-damaged. Or stop the gateway and run gateway repair.",
            };
        }
    }

    /// <summary>
    /// Returns the version of a damaged document, so that no change is assigned the same one; 1 if it cannot be read
    /// either.
    /// </summary>
    private static long VersionOf(string path)
    {
        try
        {
            return Regex.Match(File.ReadAllText(path), "\"version\":([1-9][0-9]{0,17})[,}]") is { Success: true } found
                ? long.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
                : 1;
        }
        catch (IOException)
        {
            return 1;
        }
    }

    private static ControlDocument Read(string kind, string path)
    {
        try
        {
            return DocumentFile.Read(kind, File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException
            or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new ControlStoreException(
                $"{path} is not a control document: {e.Message} Restore it from a backup, or move it away.", e);
        }
    }

    private long ReadRevision()
    {
        var path = Path.Combine(_path, "revision");
        if (!File.Exists(path))
            return 0;
        return long.TryParse(File.ReadAllText(path).Trim(), CultureInfo.InvariantCulture, out var revision)
            ? revision
            : throw new ControlStoreException($"{path} does not contain a number; restore it from a backup.");
    }

    /// <summary>Creates or replaces a file atomically and durably.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = path + TemporarySuffix;
        using (var stream = Create(temporary, FileMode.Create))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        DirectorySync.Flush(Path.GetDirectoryName(path)!);
    }

    /// <summary>Creates a folder that only its owner can read.</summary>
    public static void MakeFolder(string path)
    {
        if (Directory.Exists(path))
            return;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerFolder);
        DirectorySync.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    private static FileStream Create(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerFile;
        return new FileStream(path, options);
    }
}

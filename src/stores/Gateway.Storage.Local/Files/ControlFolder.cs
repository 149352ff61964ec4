using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Control.Documents;

namespace Gateway.Storage.Local.Files;

/// <summary>
/// The directory <c>control/</c>: a folder a kind, a file a document, <c>revision</c> and <c>lock</c>. Everything is
/// readable by its owner only. A change is a temporary file, flushed, renamed over the old one, and the directory
/// flushed: after power loss there is the old document or the new one, never half of either.
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
                + "If another gateway runs on this directory, stop it or give this one another --data.", e);
        }
    }

    /// <summary>
    /// Reads every document and the highest revision that was ever given. A damaged server, policy, list, grant or
    /// pause is there and marked: what depends on it denies. What a loss of another document would allow is not known.
    /// </summary>
    /// <exception cref="ControlStoreException">Documents of other kinds are damaged; the message lists all.</exception>
    public (List<ControlDocument> Documents, long Revision) Load()
    {
        var documents = new List<ControlDocument>();
        var fatal = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories(_path))
        {
            foreach (var path in Directory.EnumerateFiles(folder))
            {
                // What a crash left unfinished was never the document.
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
                $"Damaged control documents, without which the gateway cannot start: {string.Join(", ", fatal)}. "
                + "Restore a backup (gateway restore), or see what can be given up: gateway repair --dry-run.");
        }

        var highest = documents.Select(static document => document.Version).DefaultIfEmpty(0).Max();
        return (documents, Math.Max(highest, ReadRevision()));
    }

    /// <summary>The documents as they stand, of a directory that another process may own; nothing is changed there.
    /// </summary>
    /// <exception cref="ControlStoreException">A file cannot be read or is no control document.</exception>
    public static IEnumerable<ControlDocument> Peek(string path) => !Directory.Exists(path) ? []
        : Files(path).Select(static file => Read(file.Kind, file.Path));

    private static IEnumerable<(string Kind, string Path)> Files(string path) =>
        Directory.EnumerateDirectories(path).SelectMany(static folder => Directory
            .EnumerateFiles(folder, "*" + DocumentName.Extension).Select(file => (Path.GetFileName(folder), file)));

    /// <exception cref="IOException">The document was not written, or it is not sure that it would survive.</exception>
    public void Write(ControlDocument document)
    {
        var folder = Path.Combine(_path, document.Key.Kind);
        MakeFolder(folder);
        Replace(Path.Combine(folder, DocumentName.Of(document.Key.Name)), DocumentFile.Write(document).Span);
    }

    /// <summary>Keeps the revision before the document that carried it goes, so that no version comes back.</summary>
    public void Delete(ControlKey key, long revision)
    {
        Replace(Path.Combine(_path, "revision"), System.Text.Encoding.UTF8.GetBytes($"{revision}\n"));
        var folder = Path.Combine(_path, key.Kind);
        File.Delete(Path.Combine(folder, DocumentName.Of(key.Name)));
        DirectorySync.Flush(folder);
    }

    /// <summary>Where the bytes of a damaged document are kept: in a folder beside the directory.</summary>
    public string Aside(string kind, string path) => Path.Combine(
        $"{Path.TrimEndingDirectorySeparator(_path)}-damaged", kind, Path.GetFileName(path));

    /// <summary>Keeps the bytes of a damaged document that is about to be replaced or deleted.</summary>
    public void PutAside(ControlKey key)
    {
        var path = Path.Combine(_path, key.Kind, DocumentName.Of(key.Name));
        // A pause holds by its name alone, so its file stays until another one is in its place.
        if (File.Exists(path) && key.Kind != ControlKinds.Pauses)
            PutAside(key.Kind, path);
    }

    /// <summary>Moves a damaged file: a rename reads nothing, so a disk that cannot read the file allows it.</summary>
    public void PutAside(string kind, string path)
    {
        var target = Aside(kind, path);
        MakeFolder(Path.GetDirectoryName(Path.GetDirectoryName(target))!);
        MakeFolder(Path.GetDirectoryName(target)!);
        File.Move(path, target, overwrite: true);
        DirectorySync.Flush(Path.GetDirectoryName(target)!);
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>The damaged files of a directory that no gateway uses.</summary>
    public IEnumerable<(ControlKey Key, string Path)> Damaged() => Files(_path)
        .Select(static file => (Document: ReadOrMark(file.Kind, file.Path), file.Path))
        .Where(static one => one.Document.Damage is not null)
        .Select(static one => (one.Document.Key, one.Path));

    /// <summary>True if a document of which only the name is known can do nothing but deny.</summary>
    public static bool DeniesWithout(ControlKey key) =>
        key.Kind is ControlKinds.Servers or ControlKinds.Policies or ControlKinds.Lists or ControlKinds.Grants
            or ControlKinds.ServerNames
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
                Damage = $"the file {path} {reason}. Set it again, or delete it; the file is then kept "
                    + "in control-damaged. Or stop the gateway and run gateway repair.",
            };
        }
    }

    /// <summary>The version of a damaged document, so that no change gets the same; 1 where it cannot be read either.
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
                $"{path} is no control document: {e.Message} Restore it from a backup, or move it away.", e);
        }
    }

    private long ReadRevision()
    {
        var path = Path.Combine(_path, "revision");
        if (!File.Exists(path))
            return 0;
        return long.TryParse(File.ReadAllText(path).Trim(), CultureInfo.InvariantCulture, out var revision)
            ? revision
            : throw new ControlStoreException($"{path} holds no number; restore it from a backup.");
    }

    /// <summary>Puts a file in another's place, or in none's: all of it or nothing, and on disk.</summary>
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

    /// <summary>Makes a folder that only its owner reads.</summary>
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

using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Hosting.Backups;

/// <summary>The last entry of a backup: its metadata, and the digest of each entry.</summary>
/// <param name="Format">The format of the backup.</param>
/// <param name="Gateway">The version of the gateway that created it.</param>
/// <param name="Created">The time before the first document was read.</param>
/// <param name="Store">The source of the backup: a directory, or a database without its password.</param>
/// <param name="Revision">The revision of the control documents.</param>
/// <param name="Entries">
/// SHA-256 by name. For a name that occurs twice in the file, the last occurrence counts; a name that is not listed
/// here was deleted while the backup was made.
/// </param>
/// <param name="Topics">Names of archive topics, by folder, if the folder's name does not contain them.</param>
internal sealed record BackupManifest(
    int Format,
    string Gateway,
    DateTimeOffset Created,
    string Store,
    long Revision,
    IReadOnlyDictionary<string, string> Entries,
    [property: JsonPropertyName("shelves")] IReadOnlyDictionary<string, string> Topics)
{
    public int Documents => Count("control/") - (Entries.ContainsKey(BackupNames.Revision) ? 1 : 0);

    public int Archived => Count("control-archive/");

    public int AuditFiles => Count("audit/");

    private int Count(string prefix) => Entries.Keys.Count(name => name.StartsWith(prefix, StringComparison.Ordinal));
}

/// <summary>The first entry, so that a backup of another format is refused before its content is read.</summary>
internal sealed record BackupHead(int Format, string Gateway, DateTimeOffset Created, string Store);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    NewLine = "\n",
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BackupManifest))]
[JsonSerializable(typeof(BackupHead))]
internal sealed partial class BackupJson : JsonSerializerContext;

/// <summary>Names of entries.</summary>
internal static class BackupNames
{
    public const string Head = "gateway-backup.json";
    public const string Manifest = "manifest.json";
    public const string Revision = "control/revision";

    /// <summary>
    /// Returns true if a restore may write a file of this name: an unencrypted backup may come from anyone.
    /// </summary>
    public static bool IsAllowed(string name) => name.Split('/') is [var top, .. { Length: > 0 } rest]
        && top is "control" or "control-archive" or "audit"
        && rest.All(static part => part.Length > 0 && part is not ("." or "..")
            && !part.AsSpan().ContainsAny('\\', ':', '\0'));
}

/// <summary>
/// Writes a backup: a tar file with PAX headers, compressed by gzip, and encrypted unless that was refused.
/// </summary>
internal sealed class BackupWriter : IDisposable
{
    private readonly string _path;
    private readonly string _unfinished;
    private readonly FileStream _file;
    private readonly BackupCipher? _cipher;
    private readonly SealedStream? _sealed;
    private readonly GZipStream _gzip;
    private readonly TarWriter _tar;
    private readonly SortedDictionary<string, string> _entries = new(StringComparer.Ordinal);
    private readonly BackupHead _head;

    /// <param name="path">The file, which must not exist yet.</param>
    /// <param name="secret">The secret that encrypts it; null for none.</param>
    /// <param name="head">The first entry.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public BackupWriter(string path, BackupSecret? secret, BackupHead head)
    {
        (_path, _unfinished, _head) = (path, path + ".unfinished", head);
        _file = OwnedFile.Create(_unfinished);
        if (secret is not null)
        {
            _cipher = BackupCipher.New(secret);
            _file.Write(_cipher.Header);
            _sealed = new SealedStream(_file, _cipher, isWriting: true);
        }

        _gzip = new GZipStream((Stream?)_sealed ?? _file, CompressionLevel.Optimal, leaveOpen: true);
        _tar = new TarWriter(_gzip, TarEntryFormat.Pax, leaveOpen: true);
        Write(BackupNames.Head, JsonSerializer.SerializeToUtf8Bytes(head, BackupJson.Default.BackupHead), head.Created);
    }

    /// <summary>The digests of the entries so far.</summary>
    public IReadOnlyDictionary<string, string> Entries => _entries;

    /// <summary>Adds an entry, which replaces an earlier one of the same name.</summary>
    public void Add(string name, byte[] content, DateTimeOffset changed)
    {
        Write(name, content, changed);
        _entries[name] = Convert.ToHexStringLower(SHA256.HashData(content));
    }

    /// <summary>Removes an entry.</summary>
    public void Remove(string name) => _entries.Remove(name);

    /// <summary>Writes the manifest and puts the file in place, durably.</summary>
    public BackupManifest Complete(long revision, IReadOnlyDictionary<string, string> topics)
    {
        var manifest = new BackupManifest(
            _head.Format, _head.Gateway, _head.Created, _head.Store, revision, _entries, topics);
        var json = JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest);
        Write(BackupNames.Manifest, json, _head.Created);
        _tar.Dispose();
        _gzip.Dispose();
        _sealed?.Complete();
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        File.Move(_unfinished, _path, overwrite: false);
        return manifest;
    }

    /// <summary>Removes a file that was not completed.</summary>
    public void Dispose()
    {
        try
        {
            // On a full disk this throws, since it writes what is buffered.
            _file.Dispose();
        }
        finally
        {
            _cipher?.Dispose();
            if (File.Exists(_unfinished))
                File.Delete(_unfinished);
        }
    }

    private void Write(string name, byte[] content, DateTimeOffset changed) =>
        _tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = new MemoryStream(content),
            Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            ModificationTime = changed,
        });
}

/// <summary>Reads a backup to its end and compares every entry with the manifest.</summary>
internal static class BackupReader
{
    private const int ManifestBytesMax = 256 * 1024 * 1024;

    /// <summary>The first bytes of a gzip file.</summary>
    private static ReadOnlySpan<byte> Gzip => [0x1f, 0x8b];

    /// <summary>Returns whether the backup needs a passphrase or a key; null for an unencrypted backup.</summary>
    /// <exception cref="BackupException">The file is not a backup, or has another format.</exception>
    public static bool? NeedsPassphrase(string path)
    {
        using var file = Open(path);
        var header = new byte[BackupCipher.HeaderBytes];
        var read = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (header.AsSpan(0, read).StartsWith(Gzip))
            return null;
        if (read < header.Length || !BackupCipher.IsHeader(header))
            throw new BackupException($"{path} is not a backup of a gateway.");
        BackupCipher.RequireFormat(BitConverter.ToInt32(header, 8));
        return BitConverter.ToInt32(header, 12) != 0;
    }

    /// <param name="path">The backup.</param>
    /// <param name="secret">The secret that decrypts it; null for an unencrypted one.</param>
    /// <param name="to">The folder for its entries; null to verify only.</param>
    /// <exception cref="BackupException">The backup cannot be read, or is damaged.</exception>
    public static BackupManifest Read(string path, BackupSecret? secret, string? to)
    {
        using var file = Open(path);
        var header = new byte[BackupCipher.HeaderBytes];
        var read = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        using var cipher = BackupCipher.IsHeader(header.AsSpan(0, read)) ? BackupCipher.Of(header, secret) : null;
        if (cipher is null)
            file.Position = 0;
        var plain = cipher is null ? (Stream)file : new SealedStream(file, cipher, isWriting: false);
        try
        {
            using var gzip = new GZipStream(plain, CompressionMode.Decompress, leaveOpen: true);
            using var tar = new TarReader(gzip, leaveOpen: true);
            var manifest = ReadEntries(tar, to);
            // Read the rest of the stream, so that a damaged chunk or checksum there is found too.
            gzip.CopyTo(Stream.Null);
            plain.CopyTo(Stream.Null);
            return cipher is null || file.Position == file.Length ? manifest
                : throw new BackupException($"{path} is damaged: bytes follow its last chunk. Copy the file again, or "
                    + "use a different backup.");
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException
            or JsonException or ArgumentException)
        {
            throw new BackupException($"{path} is damaged or incomplete: {e.Message} Copy the file again, or use a "
                + "different backup.", e);
        }
    }

    private static BackupManifest ReadEntries(TarReader tar, string? to)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        BackupManifest? manifest = null;
        for (var isFirst = true; tar.GetNextEntry() is { } entry; isFirst = false)
        {
            if (manifest is not null)
                throw new BackupException("The backup is damaged: an entry follows its manifest.");
            if (isFirst)
                ReadHead(entry);
            else if (entry.Name == BackupNames.Manifest)
                manifest = JsonSerializer.Deserialize(ReadAll(entry), BackupJson.Default.BackupManifest);
            else
                found[entry.Name] = Take(entry, to);
        }

        if (manifest is null)
            throw new BackupException("The backup is incomplete: its manifest is missing. Copy the file again, or use "
                + "a different backup.");
        BackupCipher.RequireFormat(manifest.Format);
        Compare(manifest, found, to);
        return manifest;
    }

    private static void ReadHead(TarEntry entry)
    {
        if (entry.Name != BackupNames.Head
            || JsonSerializer.Deserialize(ReadAll(entry), BackupJson.Default.BackupHead) is not { } head)
        {
            throw new BackupException("The file is an archive, but not a backup of a gateway.");
        }

        BackupCipher.RequireFormat(head.Format);
    }

    private static byte[] ReadAll(TarEntry entry)
    {
        if (entry.Length > ManifestBytesMax)
            throw new BackupException($"The backup is damaged: {entry.Name} has {entry.Length} bytes.");
        using var bytes = new MemoryStream();
        entry.DataStream?.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string Take(TarEntry entry, string? to)
    {
        if (!BackupNames.IsAllowed(entry.Name) || entry.EntryType != TarEntryType.RegularFile)
            throw new BackupException($"The backup is damaged: it has an entry \"{entry.Name}\".");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = to is null ? null : OwnedFile.Create(PathOf(to, entry.Name));
        var buffer = new byte[81920];
        for (int read; entry.DataStream is { } data && (read = data.Read(buffer)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
            file?.Write(buffer, 0, read);
        }

        file?.Flush(flushToDisk: true);
        // The modification time of an audit file determines its age.
        if (file is not null)
            File.SetLastWriteTimeUtc(file.SafeFileHandle, entry.ModificationTime.UtcDateTime);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Compare(BackupManifest manifest, Dictionary<string, string> found, string? to)
    {
        foreach (var (name, sha256) in manifest.Entries)
        {
            if (found.GetValueOrDefault(name) == sha256)
                continue;
            var how = found.ContainsKey(name) ? "differs from its checksum" : "is missing";
            throw new BackupException($"The backup is damaged: {name} {how}. Copy the file again, or use a different "
                + "backup.");
        }

        foreach (var name in found.Keys.Where(name => to is not null && !manifest.Entries.ContainsKey(name)))
            File.Delete(PathOf(to!, name));
    }

    private static string PathOf(string folder, string name)
    {
        var path = Path.Combine([folder, .. name.Split('/')]);
        OwnedFile.MakeFolder(Path.GetDirectoryName(path)!);
        return path;
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"{path} cannot be read: {e.Message}", e);
        }
    }
}

/// <summary>Files and folders that only their owner can read.</summary>
internal static class OwnedFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates a file, or replaces one.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Owner;
        return new FileStream(path, options);
    }

    /// <summary>Writes a file with this content, durably.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        using var file = Create(path);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    public static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, Owner | UnixFileMode.UserExecute);
    }
}

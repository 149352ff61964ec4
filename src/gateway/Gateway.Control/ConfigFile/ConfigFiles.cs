using System.Security.Cryptography;

namespace Gateway.Control.ConfigFile;

/// <summary>
/// The files of a configuration, and the content with which each was read. A change is detected by content: a mounted
/// ConfigMap is a symbolic link whose target changes, so its timestamps do not show a change.
/// </summary>
/// <param name="given">
/// Returns the content of a file by its path, if these are the only files that exist; null to read the files of this
/// machine. A client that sends a configuration must not make this process read a file that the client names.
/// </param>
internal sealed class ConfigFiles(Func<string, byte[]?>? given = null)
{
    private readonly List<string> _paths = [];
    private readonly List<byte> _hashes = [];
    private readonly Dictionary<string, byte[]> _contents = [];

    /// <summary>True if no file of this machine is read.</summary>
    public bool AreGiven => given is not null;

    /// <summary>The hash of everything that was read, in the order of reading.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData([.. _hashes]));

    /// <summary>Returns the SHA-256 of each file that was read, by its path relative to a folder.</summary>
    public IReadOnlyDictionary<string, string> Digests(string folder) => _contents.ToDictionary(
        one => Path.GetRelativePath(folder.Length == 0 ? "." : folder, one.Key),
        static one => Convert.ToHexStringLower(SHA256.HashData(one.Value)));

    /// <summary>Returns the content of a file; null if it was not read or could not be.</summary>
    public byte[]? Find(string path) => _contents.GetValueOrDefault(path);

    /// <exception cref="IOException">The file cannot be read, or is a directory.</exception>
    /// <exception cref="UnauthorizedAccessException">This process is not allowed to read the file.</exception>
    public byte[] Read(string path)
    {
        _paths.Add(path);
        // A file that cannot be read is remembered too, because its appearance is a change.
        byte[]? bytes = null;
        try
        {
            if (given is not null)
                return _contents[path] = bytes = given(path) ?? throw new IOException($"'{path}' was not sent.");
            // The system reports this as a lack of permission, which is misleading.
            if (Directory.Exists(path))
                throw new IOException($"'{path}' is a directory; name the file in it.");
            return _contents[path] = bytes = File.ReadAllBytes(path);
        }
        finally
        {
            _hashes.AddRange(bytes is null ? [0] : SHA256.HashData(bytes));
        }
    }

    /// <summary>Returns the content of a file; null if it does not exist. Its appearance is a change.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This process is not allowed to read the file.</exception>
    public byte[]? ReadIfThere(string path)
    {
        if (given is null ? File.Exists(path) : given(path) is not null)
            return Read(path);
        _paths.Add(path);
        _hashes.Add(0);
        return null;
    }

    /// <summary>Returns true if a file differs from its content when it was read.</summary>
    public bool HaveChanged()
    {
        var again = new ConfigFiles();
        foreach (var path in _paths)
        {
            try
            {
                again.ReadIfThere(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Read has already recorded the file as unreadable.
            }
        }

        return again.Fingerprint != Fingerprint;
    }
}

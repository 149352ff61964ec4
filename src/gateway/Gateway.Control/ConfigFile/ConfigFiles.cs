using System.Security.Cryptography;

namespace Gateway.Control.ConfigFile;

/// <summary>
/// Reads the configuration's files and remembers what was read, by content: a mounted ConfigMap is a symbolic link
/// whose target changes, and its times say nothing.
/// </summary>
/// <param name="given">
/// The only files that there are, by path; null reads those of this machine. A client that sends a configuration must
/// not have this process read a file that the client names.
/// </param>
internal sealed class ConfigFiles(Func<string, byte[]?>? given = null)
{
    private readonly List<string> _paths = [];
    private readonly List<byte> _hashes = [];
    private readonly Dictionary<string, byte[]> _contents = [];

    /// <summary>Whether nothing is read of this machine.</summary>
    public bool AreGiven => given is not null;

    /// <summary>The hash of everything that was read, in the order of reading.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData([.. _hashes]));

    /// <summary>The SHA-256 of each file that was read, by its path relative to a folder.</summary>
    public IReadOnlyDictionary<string, string> Digests(string folder) => _contents.ToDictionary(
        one => Path.GetRelativePath(folder.Length == 0 ? "." : folder, one.Key),
        static one => Convert.ToHexStringLower(SHA256.HashData(one.Value)));

    /// <summary>What was read of the file; null where it was not, or could not be.</summary>
    public byte[]? Find(string path) => _contents.GetValueOrDefault(path);

    /// <exception cref="IOException">It cannot be read, or is a directory.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public byte[] Read(string path)
    {
        _paths.Add(path);
        // A file that cannot be read is remembered too: that it appears is a change.
        byte[]? bytes = null;
        try
        {
            if (given is not null)
                return _contents[path] = bytes = given(path) ?? throw new IOException($"'{path}' was not sent.");
            // The system calls that a lack of permission, which sends one the wrong way.
            if (Directory.Exists(path))
                throw new IOException($"'{path}' is a directory; name the file in it.");
            return _contents[path] = bytes = File.ReadAllBytes(path);
        }
        finally
        {
            _hashes.AddRange(bytes is null ? [0] : SHA256.HashData(bytes));
        }
    }

    /// <summary>Null where there is no such file; that one appears is a change.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public byte[]? ReadIfThere(string path)
    {
        if (given is null ? File.Exists(path) : given(path) is not null)
            return Read(path);
        _paths.Add(path);
        _hashes.Add(0);
        return null;
    }

    /// <summary>Whether a file is not what it was when it was read.</summary>
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
                // Remembered by Read.
            }
        }

        return again.Fingerprint != Fingerprint;
    }
}

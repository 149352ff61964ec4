using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Admin.Console.Serving;

/// <summary>All files of the console in this release.</summary>
internal sealed class ConsoleFiles
{
    private const string Prefix = "console/";
    private const string IndexName = "index.html";

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".json"] = "application/json",
    };

    private ConsoleFiles(SortedDictionary<string, byte[]> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, bytes) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{bytes.Length}\n"));
            hash.AppendData(bytes);
        }

        Version = Convert.ToHexStringLower(hash.GetHashAndReset()[..8]);
        var index = Encoding.UTF8.GetString(files[IndexName]).Replace("{version}", Version, StringComparison.Ordinal);
        Index = new ConsoleFile(Types[".html"], Encoding.UTF8.GetBytes(index));
        files.Remove(IndexName);
        Assets = files.ToFrozenDictionary(
            static file => file.Key,
            static file => new ConsoleFile(Types[Path.GetExtension(file.Key)], file.Value), StringComparer.Ordinal);
    }

    /// <summary>A hash of all files. It is part of their paths, so the content at a path never changes.</summary>
    public string Version { get; }

    public ConsoleFile Index { get; }

    /// <summary>All other files, by path.</summary>
    public FrozenDictionary<string, ConsoleFile> Assets { get; }

    public static ConsoleFiles Read()
    {
        var assembly = typeof(ConsoleFiles).Assembly;
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames()
            .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            files.Add(name[Prefix.Length..], bytes);
        }

        return new ConsoleFiles(files);
    }
}

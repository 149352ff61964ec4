using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Gateway.Proxy.Edge.Listeners;

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

    private ConsoleFiles(SortedDictionary<string, PackedFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, file) in files)
        {
            var bytes = file.Read();
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{bytes.Length}\n"));
            hash.AppendData(bytes);
        }

        Version = Convert.ToHexStringLower(hash.GetHashAndReset()[..8]);
        Index = Encoding.UTF8.GetString(files[IndexName].Read())
            .Replace("{version}", Version, StringComparison.Ordinal);
        files.Remove(IndexName);
        Assets = files.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>A hash of all files. It is part of their paths, so the content at a path never changes.</summary>
    public string Version { get; }

    /// <summary>The page.</summary>
    public string Index { get; }

    /// <summary>All other files, by path.</summary>
    public FrozenDictionary<string, PackedFile> Assets { get; }

    public static ConsoleFiles Read()
    {
        var assembly = typeof(ConsoleFiles).Assembly;
        return new ConsoleFiles(new SortedDictionary<string, PackedFile>(
            assembly.GetManifestResourceNames()
                .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal))
                .ToDictionary(static name => name[Prefix.Length..], name => new PackedFile(assembly, name)),
            StringComparer.Ordinal));
    }

    /// <summary>Returns the content type of a file.</summary>
    public static string TypeOf(string name) => Types[Path.GetExtension(name)];
}

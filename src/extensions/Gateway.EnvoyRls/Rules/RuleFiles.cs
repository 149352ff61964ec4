using System.Security.Cryptography;
using Gateway.EnvoyRls.Options;

namespace Gateway.EnvoyRls.Rules;

/// <summary>The bytes of every file of rules, read at one moment, and what they came from.</summary>
/// <param name="Files">Path and content, in the order of the paths.</param>
/// <param name="Problem">Why there are none; null where there are.</param>
internal sealed record RuleFiles(IReadOnlyList<(string Path, byte[] Content)> Files, RuleProblem? Problem)
{
    /// <summary>Reads a file, or those of a folder that are no hidden ones.</summary>
    public static RuleFiles Read(string path, RlsOptions options)
    {
        try
        {
            string[] paths = Directory.Exists(path)
                ? [.. Directory.EnumerateFiles(path).Where(IsRules).Order(StringComparer.Ordinal)
                    .Take(options.FilesMax + 1)]
                : [path];
            if (paths.Length > options.FilesMax)
                return Without(path, $"the folder has more than {options.FilesMax} files of rules");
            var files = new List<(string, byte[])>(paths.Length);
            long left = options.FileBytesMax;
            foreach (var one in paths)
            {
                if ((left -= new FileInfo(one).Length) < 0)
                    return Without(one, $"the files of rules have more than {options.FileBytesMax} bytes together");
                files.Add((one, File.ReadAllBytes(one)));
            }

            return files.Count > 0
                ? new(files, null)
                : Without(path, "the folder has no file that ends with .yaml or .yml");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Without(path, e is FileNotFoundException or DirectoryNotFoundException
                ? "there is no such file or folder"
                : e.Message);
        }
    }

    /// <summary>Equal where the same would be read.</summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Problem?.ToString() ?? ""));
        foreach (var (path, content) in Files)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(path));
            hash.AppendData(BitConverter.GetBytes(content.Length));
            hash.AppendData(content);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static RuleFiles Without(string path, string message) => new([], new RuleProblem(path, 0, message));

    private static bool IsRules(string path) =>
        !Path.GetFileName(path).StartsWith('.') && Path.GetExtension(path) is ".yaml" or ".yml";
}

using System.Security.Cryptography;
using Gateway.EnvoyRls.Options;

namespace Gateway.EnvoyRls.Rules;

/// <summary>The contents of all rule files, read at one moment, with their paths.</summary>
/// <param name="Files">Path and content, in the order of the paths.</param>
/// <param name="Problem">Reason why there are no files; null if there are.</param>
internal sealed record RuleFiles(IReadOnlyList<(string Path, byte[] Content)> Files, RuleProblem? Problem)
{
    /// <summary>Reads a file, or all files of a folder that are not hidden.</summary>
    public static RuleFiles Read(string path, RlsOptions options)
    {
        try
        {
            string[] paths = Directory.Exists(path)
                ? [.. Directory.EnumerateFiles(path).Where(IsRules).Order(StringComparer.Ordinal)
                    .Take(options.FilesMax + 1)]
                : [path];
            if (paths.Length > options.FilesMax)
                return Without(path, $"the folder has more than {options.FilesMax} rule files");
            var files = new List<(string, byte[])>(paths.Length);
            long left = options.FileBytesMax;
            foreach (var one in paths)
            {
                if ((left -= new FileInfo(one).Length) < 0)
                    return Without(one, $"the rule files have more than {options.FileBytesMax} bytes in total");
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

    /// <summary>Returns a digest that is equal for equal contents.</summary>
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

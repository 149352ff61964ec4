using System.Globalization;

namespace Gateway.Audit.Arguments;

/// <summary>
/// The files of recorded values, <c>values-T.sealed</c>, T being when one was begun in Unix milliseconds.
/// </summary>
internal static class ArgumentFiles
{
    /// <summary>What the values are sealed for: part of every ciphertext, so it never changes.</summary>
    public const string Purpose = "recorded-arguments";

    private const string Prefix = "values-";
    private const string Suffix = ".sealed";

    /// <summary>The oldest first.</summary>
    public static IReadOnlyList<(string Path, long BeganMs)> In(string directory) => !Directory.Exists(directory)
        ? []
        : [.. Directory.EnumerateFiles(directory, $"{Prefix}*{Suffix}")
            .Select(static path => (path, Began(path)))
            .Where(static file => file.Item2 is not null)
            .Select(static file => (file.path, file.Item2!.Value))
            .OrderBy(static file => file.Value)];

    public static string PathOf(string directory, long beganMs) => Path.Combine(
        directory, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{beganMs}{Suffix}"));

    private static long? Began(string path) => long.TryParse(
        Path.GetFileName(path).AsSpan()[Prefix.Length..^Suffix.Length], NumberStyles.None,
        CultureInfo.InvariantCulture, out var began) ? began : null;
}

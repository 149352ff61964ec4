using System.Globalization;

namespace Gateway.Audit.Arguments;

/// <summary>
/// Names of the files of recorded values: <c>values-T.sealed</c>, where T is the file's creation time in Unix
/// milliseconds.
/// </summary>
internal static class ArgumentFiles
{
    /// <summary>
    /// Data-protection purpose of the values. It is part of every ciphertext, so it must never change.
    /// </summary>
    public const string Purpose = "recorded-arguments";

    private const string Prefix = "values-";
    private const string Suffix = ".sealed";

    /// <summary>Lists the files, oldest first.</summary>
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

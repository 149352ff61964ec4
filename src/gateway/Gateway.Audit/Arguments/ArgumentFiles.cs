using System.Globalization;
using Gateway.Audit.Directories;

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

    /// <summary>Replaces a file by one without the values of these calls.</summary>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static void Remove(string path, IReadOnlySet<UInt128> calls)
    {
        var made = path + ".new";
        using (var from = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        {
            if (!Copy(from, Stream.Null, calls))
                return;
            from.Position = 0;
            using var to = DataDirectory.Owned(made, FileMode.Create, FileShare.None);
            Copy(from, to, calls);
            to.Flush(flushToDisk: true);
        }

        File.Move(made, path, overwrite: true);
    }

    /// <summary>Copies the frames of other calls; returns true if there are frames of these calls.</summary>
    private static bool Copy(FileStream from, Stream to, IReadOnlySet<UInt128> calls)
    {
        var (found, head) = (false, new byte[ArgumentFrame.HeadBytes]);
        while (from.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length)
        {
            var (length, callId, _) = ArgumentFrame.ReadHead(head);
            // Nothing marks where the next frame begins after an invalid one, so no reader continues there.
            if (length is <= 0 or > ArgumentFrame.SealedBytesMax)
                break;
            var sealedValues = new byte[length];
            if (from.ReadAtLeast(sealedValues, length, throwOnEndOfStream: false) < length)
                break;
            var isErased = calls.Contains(callId);
            found |= isErased;
            if (isErased)
                continue;
            to.Write(head);
            to.Write(sealedValues);
        }

        return found;
    }

    private static long? Began(string path) => long.TryParse(
        Path.GetFileName(path).AsSpan()[Prefix.Length..^Suffix.Length], NumberStyles.None,
        CultureInfo.InvariantCulture, out var began) ? began : null;
}

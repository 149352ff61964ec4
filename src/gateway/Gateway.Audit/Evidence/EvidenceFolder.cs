using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Audit.Directories;

namespace Gateway.Audit.Evidence;

/// <summary>
/// The folder <c>evidence</c> beside the files of the audit log. <c>NNNNNNNN.jsonl</c> has the checkpoints that end in
/// the file of this number, <c>trimmed.jsonl</c> the last one of each file that is gone, <c>checkpoint</c> the newest.
/// </summary>
internal static class EvidenceFolder
{
    /// <summary>The file of checkpoints whose records retention deleted.</summary>
    public const string Trimmed = "trimmed.jsonl";

    /// <summary>
    /// Characters of notes in <see cref="Trimmed"/> at least once its oldest lines were dropped. With fewer, a chain
    /// whose predecessor is missing was not cut by retention.
    /// </summary>
    public const int KeptNotesLeast = TrimmedBytesMax / 8;

    private const string Newest = "checkpoint";
    private const string End = ".jsonl";
    private const int TrimmedBytesMax = 8 * 1024 * 1024;

    /// <summary>The folder of a log.</summary>
    public static string Of(string directory) => Path.Combine(directory, "evidence");

    /// <summary>The key that is used where no other was named.</summary>
    public static string KeyOf(string directory) => Path.Combine(Of(directory), "key.pem");

    /// <summary>The newest checkpoint by itself, for whoever keeps a copy elsewhere.</summary>
    public static string NewestOf(string directory) => Path.Combine(Of(directory), Newest);

    /// <summary>Adds a checkpoint; it is with the kernel then, or on the disk where that was asked for.</summary>
    /// <exception cref="IOException">It is not there.</exception>
    public static void Append(string directory, SignedCheckpoint signed, bool flushToDisk)
    {
        Add(PathOf(directory, signed.Checkpoint!.To.File), Line(signed), flushToDisk);
        Replace(NewestOf(directory), signed.Note);
    }

    /// <summary>
    /// Every checkpoint that is kept, in the order in which they were written; null for a line that is none.
    /// </summary>
    public static IEnumerable<(string File, SignedCheckpoint? Signed)> Read(string directory)
    {
        if (!Directory.Exists(Of(directory)))
            yield break;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var paths = Numbers(directory).Select(number => PathOf(directory, number)).ToList();
        foreach (var path in (IEnumerable<string>)[Path.Combine(Of(directory), Trimmed), .. paths])
        {
            // A line is in both files where a process was killed on its way.
            foreach (var line in Lines(path).Where(seen.Add))
                yield return (Path.GetFileName(path), Parse(line));
        }
    }

    /// <summary>The last checkpoint; null where there is none.</summary>
    public static SignedCheckpoint? Last(string directory)
    {
        foreach (var number in Numbers(directory).Reverse())
        {
            if (Lines(PathOf(directory, number)).Select(Parse).LastOrDefault(static one => one is not null) is { } last)
                return last;
        }

        var trimmed = Path.Combine(Of(directory), Trimmed);
        return Lines(trimmed).Select(Parse).LastOrDefault(static one => one is not null);
    }

    /// <summary>
    /// Keeps the last checkpoint of each chain in each file before <paramref name="kept"/>, and drops the others.
    /// </summary>
    public static void Trim(string directory, int kept)
    {
        foreach (var number in Numbers(directory).Where(number => number < kept).ToList())
        {
            var path = PathOf(directory, number);
            var trimmed = Path.Combine(Of(directory), Trimmed);
            var last = Lines(path).Select(static line => (Line: line, Parse(line)?.Checkpoint?.Head.Chain))
                .Where(static one => one.Chain is not null).GroupBy(static one => one.Chain, static one => one.Line)
                .Select(static chain => chain.Last());
            foreach (var line in last)
                Add(trimmed, line, flushToDisk: true);
            File.Delete(path);
            if (new FileInfo(trimmed) is { Exists: true, Length: > TrimmedBytesMax })
                DropOldest(trimmed);
        }
    }

    private static void DropOldest(string path)
    {
        var (lines, bytes, from) = (Lines(path), 0, 0);
        for (from = lines.Count; from > 0 && (bytes += lines[from - 1].Length + 1) <= TrimmedBytesMax / 2;)
            from--;
        Replace(path, string.Concat(lines.Skip(from).Select(static line => line + "\n")));
    }

    private static IEnumerable<int> Numbers(string directory) => !Directory.Exists(Of(directory)) ? [] :
        Directory.EnumerateFiles(Of(directory), "*" + End).Select(static path => Path.GetFileName(path)[..^End.Length])
            .Select(static name =>
                int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .Where(static number => number >= 0).Order();

    private static string PathOf(string directory, int number) => Path.Combine(
        Of(directory), string.Create(CultureInfo.InvariantCulture, $"{number:D8}{End}"));

    private static string Line(SignedCheckpoint signed) =>
        JsonSerializer.Serialize(signed, EvidenceJson.Default.SignedCheckpoint);

    private static void Add(string path, string line, bool flushToDisk)
    {
        using var file = DataDirectory.Owned(path, FileMode.OpenOrCreate, FileShare.Read);
        // Half a line that a crash left there is ended, and passed over.
        var isCut = file.Length > 0 && file.Seek(-1, SeekOrigin.End) >= 0 && file.ReadByte() != '\n';
        file.Write(Encoding.UTF8.GetBytes((isCut ? "\n" : "") + line + "\n"));
        file.Flush(flushToDisk);
    }

    private static void Replace(string path, string text)
    {
        var next = path + ".new";
        using (var file = DataDirectory.Owned(next, FileMode.Create, FileShare.None))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: false);
        }

        File.Move(next, path, overwrite: true);
    }

    private static List<string> Lines(string path)
    {
        try
        {
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var text = new StreamReader(file);
            return [.. text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Null where a line is no checkpoint.</summary>
    public static SignedCheckpoint? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, EvidenceJson.Default.SignedCheckpoint)
                is { Note: not null, Keys: not null, Peaks: not null, Checkpoint: not null } signed
                    ? signed
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

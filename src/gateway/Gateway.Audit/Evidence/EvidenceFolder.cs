using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Audit.Directories;

namespace Gateway.Audit.Evidence;

/// <summary>
/// The folder <c>evidence</c> beside the files of the audit log. <c>NNNNNNNN.jsonl</c> contains the checkpoints that
/// end in the audit file of that number, <c>trimmed.jsonl</c> the last checkpoint of each deleted audit file, and
/// <c>checkpoint</c> the newest checkpoint.
/// </summary>
internal static class EvidenceFolder
{
    /// <summary>File of the checkpoints whose records retention deleted.</summary>
    public const string Trimmed = "trimmed.jsonl";

    /// <summary>
    /// Minimum number of characters of notes in <see cref="Trimmed"/> after its oldest lines were dropped. If there are
    /// fewer, retention did not cause the absence of a chain's predecessor.
    /// </summary>
    public const int KeptNotesLeast = TrimmedBytesMax / 8;

    private const string Newest = "checkpoint";
    private const string End = ".jsonl";
    private const int TrimmedBytesMax = 8 * 1024 * 1024;

    /// <summary>Returns the evidence folder of a log.</summary>
    public static string Of(string directory) => Path.Combine(directory, "evidence");

    /// <summary>Returns the path of the default signing key.</summary>
    public static string KeyOf(string directory) => Path.Combine(Of(directory), "key.pem");

    /// <summary>Returns the path of the newest checkpoint, for operators who keep a copy elsewhere.</summary>
    public static string NewestOf(string directory) => Path.Combine(Of(directory), Newest);

    /// <summary>
    /// Appends a checkpoint. On return the kernel has it, or the disk if <paramref name="flushToDisk"/> is true.
    /// </summary>
    /// <exception cref="IOException">The checkpoint was not written.</exception>
    public static void Append(string directory, SignedCheckpoint signed, bool flushToDisk)
    {
        Add(PathOf(directory, signed.Checkpoint!.To.File), Line(signed), flushToDisk);
        Replace(NewestOf(directory), signed.Note);
    }

    /// <summary>
    /// Returns every stored checkpoint in the order of writing, with null for a line that is not a checkpoint.
    /// </summary>
    public static IEnumerable<(string File, SignedCheckpoint? Signed)> Read(string directory)
    {
        if (!Directory.Exists(Of(directory)))
            yield break;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var paths = Numbers(directory).Select(number => PathOf(directory, number)).ToList();
        foreach (var path in (IEnumerable<string>)[Path.Combine(Of(directory), Trimmed), .. paths])
        {
            // A line is in both files if the process was killed between the two writes.
            foreach (var line in Lines(path).Where(seen.Add))
                yield return (Path.GetFileName(path), Parse(line));
        }
    }

    /// <summary>Returns the last checkpoint, or null if there is none.</summary>
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
    /// Keeps the last checkpoint of each chain in each file before number <paramref name="kept"/> and drops the others.
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
        // End a partial line that a crash left; readers skip it.
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

    /// <summary>Returns null if the line is not a checkpoint.</summary>
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

using System.Globalization;
using System.Text.Json;

namespace Gateway.Proxy.Admin.Records;

/// <summary>
/// Reads the audit log's files while they are written. A place in the log is a file's number and an offset; half a line
/// at the end of a file is not there yet.
/// </summary>
internal sealed class AuditReader(string directory)
{
    /// <summary>Bytes that one request reads; a page may therefore end before it is full.</summary>
    private const long BytesMax = 32L * 1024 * 1024;

    public AuditPage Read(AuditQuery query, string? cursor, int limit)
    {
        var (number, offset) = Parse(cursor);
        var items = new List<JsonElement>();
        var budget = BytesMax;
        foreach (var (path, file) in Files().Where(file => file.Number >= number).OrderBy(static file => file.Number))
        {
            var at = file == number ? offset : 0;
            number = file;
            offset = Scan(path, at, ref budget, record =>
            {
                if (query.Accepts(record))
                    items.Add(record.Clone());
                return items.Count < limit;
            });
            if (items.Count >= limit || budget <= 0)
                return new AuditPage(items, Cursor(number, offset), More: true);
        }

        return new AuditPage(items, Cursor(number, offset), More: false);
    }

    /// <summary>The last records that match, oldest first, and the place after them.</summary>
    public AuditPage Tail(AuditQuery query, int count)
    {
        var end = (Number: 0, Offset: 0L);
        var items = new LinkedList<JsonElement>();
        var budget = BytesMax;
        foreach (var (path, file) in Files().OrderByDescending(static file => file.Number))
        {
            var found = new Queue<JsonElement>();
            var wanted = count - items.Count;
            var start = Math.Max(0, new FileInfo(path).Length - budget);
            var offset = Scan(path, start, ref budget, record =>
            {
                if (query.Accepts(record))
                    found.Enqueue(record.Clone());
                if (found.Count > wanted)
                    found.Dequeue();
                return true;
            });
            if (end.Number == 0)
                end = (file, offset);
            foreach (var record in found.Reverse())
                items.AddFirst(record);
            if (items.Count >= count || budget <= 0)
                break;
        }

        return new AuditPage([.. items], Cursor(end.Number, end.Offset), More: false);
    }

    /// <summary>Returns the place after the last whole line that was taken.</summary>
    private static long Scan(string path, long start, ref long budget, Func<JsonElement, bool> take)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = start;
        using var lines = new LineReader(stream);
        // A start in the middle of a line: the rest of that line is passed over.
        if (start > 0 && !lines.IsAtLineStart(start))
            lines.Read();
        var end = start + lines.Consumed;
        while (budget > 0 && lines.Read() is { } line)
        {
            budget -= line.Length + 1;
            end = start + lines.Consumed;
            if (TryParse(line) is { } record && !take(record))
                break;
        }

        return end;
    }

    private static JsonElement? TryParse(byte[] line)
    {
        try
        {
            return JsonElement.Parse(line);
        }
        catch (JsonException)
        {
            // The end of a file that a crash cut off.
            return null;
        }
    }

    private IEnumerable<(string Path, int Number)> Files()
    {
        foreach (var path in Directory.EnumerateFiles(directory, "audit-*.jsonl"))
        {
            var name = Path.GetFileNameWithoutExtension(path)["audit-".Length..];
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                yield return (path, number);
        }
    }

    private static string Cursor(int number, long offset) =>
        string.Create(CultureInfo.InvariantCulture, $"{number}-{offset}");

    private static (int Number, long Offset) Parse(string? cursor) =>
        cursor?.Split('-') is [var number, var offset]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
        && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var o)
            ? (n, o)
            : (0, 0);
}

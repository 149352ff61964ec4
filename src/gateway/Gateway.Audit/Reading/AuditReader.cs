using System.Globalization;
using System.Text.Json;
using Gateway.Audit.Evidence;
using Gateway.Audit.Files;

namespace Gateway.Audit.Reading;

/// <summary>
/// Reads the audit log's files while they are being written. A place in the log is a file number and an offset; a
/// partial line at the end of a file does not exist yet.
/// </summary>
public sealed class AuditReader(string directory)
{
    /// <summary>Maximum bytes that one request reads. A page may therefore end before it is full.</summary>
    private const long BytesMax = 32L * 1024 * 1024;

    /// <summary>
    /// Bytes of the first part that a tail reads; parts grow up to <see cref="PartMost"/>. Matching records are mostly
    /// near the end.
    /// </summary>
    private const long PartFirst = 128L * 1024;
    private const long PartMost = 8L * 1024 * 1024;

    /// <summary>Returns the first matching records from the place <paramref name="cursor"/> on.</summary>
    public AuditPage Read(AuditQuery query, string? cursor, int limit)
    {
        var (number, offset) = Parse(cursor) ?? (0, 0);
        var items = new List<JsonElement>();
        var places = new List<LogPlace>();
        var budget = BytesMax;
        foreach (var file in AuditArchive.InOrder(directory).Where(file => file.Number >= number))
        {
            var at = file.Number == number ? offset : 0;
            number = file.Number;
            offset = Scan(file, at, long.MaxValue, ref budget, (record, begin) =>
            {
                if (query.Accepts(record))
                {
                    items.Add(record.Clone());
                    places.Add(new LogPlace(file.Number, begin));
                }

                return items.Count < limit;
            });
            if (items.Count >= limit || budget <= 0)
                return Page(isMore: true);
        }

        return Page(isMore: false);

        AuditPage Page(bool isMore) =>
            new(items, Cursor(number, offset), isMore) { Matched = items.Count, Places = places };
    }

    /// <summary>
    /// Returns the last matching records, oldest first, with the places before and after them; with a count of 0, the
    /// number of matching records.
    /// </summary>
    public AuditPage Tail(AuditQuery query, int count, string? before)
    {
        var (last, bound) = Parse(before) ?? (int.MaxValue, long.MaxValue);
        (int Number, long Offset)? end = null;
        var part = new AuditTail(query, count);
        var (budget, size) = (BytesMax, PartFirst);
        foreach (var file in AuditArchive.InOrder(directory).Where(file => file.Number <= last).Reverse())
        {
            var until = Math.Min(LengthOf(file), file.Number == last ? bound : long.MaxValue);
            long start;
            do
            {
                start = Math.Max(0, until - Math.Min(size, budget));
                part.Begin(file.Number);
                var offset = Scan(file, start, until, ref budget, part.Take);
                var isLess = size < budget;
                size = Math.Min(2 * size, PartMost);
                // A part that lies within one line contains no record; a larger part includes the beginning of that
                // line.
                if (part.First is null && start > 0 && isLess && size < PartMost)
                    continue;
                end ??= (file.Number, offset);
                if (part.End(isCut: budget <= 0 || (part.First is null && start > 0)) is { } earlier)
                    return Page(earlier.At > 0 || start == 0 ? earlier : (file.Number, until));
                until = part.First ?? 0;
            }
            while (start > 0 && !part.IsOver);
            if (part.IsOver)
                break;
        }

        return Page(null);

        AuditPage Page((int Number, long Offset)? earlier) => new(
            [.. part.Items], end is { } at ? Cursor(at.Number, at.Offset) : Cursor(0, 0), More: false)
        {
            Matched = part.Matched,
            Earlier = earlier is { } place ? Cursor(place.Number, place.Offset) : null,
        };
    }

    /// <summary>Returns the place after everything that has been written so far.</summary>
    public string End() => AuditArchive.InOrder(directory).Cast<AuditFileName?>().LastOrDefault() is { } last
        ? Cursor(last.Number, LengthOf(last))
        : Cursor(0, 0);

    private static long LengthOf(AuditFileName file)
    {
        try
        {
            return file.RecordBytes;
        }
        catch (IOException)
        {
            // A file that has just been deleted contributes nothing.
            return 0;
        }
    }

    /// <summary>Scans a file and returns the place after the last whole line that was taken.</summary>
    /// <param name="file">The file.</param>
    /// <param name="start">Offset to start from. If it is within a line, the rest of that line is skipped.</param>
    /// <param name="until">Offset to stop at.</param>
    /// <param name="budget">Number of bytes that may still be read.</param>
    /// <param name="take">Receives each record and the offset of its line; returns false to stop.</param>
    private static long Scan(
        AuditFileName file, long start, long until, ref long budget, Func<JsonElement, long, bool> take)
    {
        try
        {
            using var stream = file.Open(Math.Max(0, start - 1));
            var isWithinLine = start > 0 && stream.ReadByte() != '\n';
            using var lines = new RecordLineReader(stream);
            if (isWithinLine)
                lines.Read();
            var end = start + lines.Consumed;
            while (budget > 0 && end < until && lines.Read() is { } line)
            {
                budget -= line.Length + 1;
                var at = end;
                end = start + lines.Consumed;
                if (TryParse(line) is { } record && !take(record, at))
                    break;
            }

            return end;
        }
        catch (FileNotFoundException)
        {
            // The file has just been deleted.
            return start;
        }
    }

    private static JsonElement? TryParse(byte[] line)
    {
        try
        {
            return JsonElement.Parse(line);
        }
        catch (JsonException)
        {
            // A crash cut the end of the file off.
            return null;
        }
    }

    /// <summary>Returns a place in the form that pages use.</summary>
    public static string Cursor(LogPlace place) => Cursor(place.File, place.Offset);

    /// <summary>Parses a place from a page; returns null if the text is not one.</summary>
    public static LogPlace? Place(string? cursor) =>
        Parse(cursor) is { } at ? new LogPlace(at.Number, at.Offset) : null;

    private static string Cursor(int number, long offset) =>
        string.Create(CultureInfo.InvariantCulture, $"{number}-{offset}");

    private static (int Number, long Offset)? Parse(string? cursor) =>
        cursor?.Split('-') is [var number, var offset]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
        && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var o)
            ? (n, o)
            : null;
}

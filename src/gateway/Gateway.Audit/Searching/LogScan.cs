using System.Buffers;
using Gateway.Audit.Evidence;
using Gateway.Audit.Files;

namespace Gateway.Audit.Searching;

/// <summary>
/// Visits the lines of the audit log that may match, the newest part first and each part from its first line. A file
/// that is still written is read in small parts from its end; a compressed file is one part, since it can only be read
/// from its beginning.
/// </summary>
/// <param name="directory">The directory of the log.</param>
/// <param name="needles">Bytes that a line must contain to be visited.</param>
internal sealed class LogScan(string directory, IReadOnlyList<LineNeedle> needles)
{
    private const int PartFirst = 256 * 1024;
    private const int PartMost = 8 * 1024 * 1024;
    private const int StepBytes = 1024 * 1024;

    // A record's position is the time of writing, its time member the call's arrival.
    private const long OutOfOrderMs = 3_600_000;

    /// <summary>
    /// The time of the first record of the oldest part that was visited, in Unix milliseconds; 0 before.
    /// </summary>
    public long ReachedMs { get; private set; }

    /// <summary>Receives a line that may match.</summary>
    public delegate void Visit(LogPlace at, ReadOnlySpan<byte> line);

    /// <summary>
    /// Visits all lines before a place until <paramref name="endPart"/> returns false. Returns the place before which
    /// nothing was visited; null if there is nothing older in the time range.
    /// </summary>
    /// <param name="filter">The time range.</param>
    /// <param name="before">The place to start from; null for the end of the log.</param>
    /// <param name="visit">Receives each line.</param>
    /// <param name="endPart">Called after each part; returns true to continue.</param>
    /// <param name="cancellation">Ends the scan.</param>
    public LogPlace? Run(
        RecordFilter filter, LogPlace? before, Visit visit, Func<bool> endPart, CancellationToken cancellation)
    {
        var files = AuditArchive.InOrder(directory).ToList();
        var end = before ?? new LogPlace(int.MaxValue, 0);
        for (var at = files.Count - 1; at >= 0; at--)
        {
            cancellation.ThrowIfCancellationRequested();
            var file = files[at];
            var bound = file.Number == end.File ? end.Offset : long.MaxValue;
            if (file.Number > end.File || bound == 0)
                continue;
            // A closed file has the time of its last record; that of an open one is the file system's.
            if (at < files.Count - 1 && MsOf(file.LastWrite) < (filter.FromMs ?? long.MinValue))
                return null;
            try
            {
                if (IsAfter(file, filter))
                    continue;
                if (file.IsPacked)
                {
                    Forward(file, bound, visit, cancellation);
                    ReachedMs = FirstMs(file);
                    if (!endPart())
                        return new LogPlace(file.Number, 0);
                }
                else if (Backward(file, bound, filter, visit, endPart, cancellation) is var (stop, isOver))
                {
                    return isOver ? null : new LogPlace(file.Number, stop);
                }
            }
            catch (Exception e) when (e is FileNotFoundException or InvalidDataException)
            {
                // The file has just been deleted, or the rest of it cannot be decompressed.
            }
        }

        return null;
    }

    /// <summary>Returns the time of the log's first record in Unix milliseconds; null if there is none.</summary>
    public long? Begin()
    {
        foreach (var file in AuditArchive.InOrder(directory))
        {
            if (FirstMs(file) is > 0 and var first)
                return first;
        }

        return null;
    }

    private static long MsOf(DateTime utc) => (utc.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    private static bool IsAfter(AuditFileName file, RecordFilter filter) =>
        filter.ToMs is { } to && FirstMs(file) is var first && first - OutOfOrderMs >= to;

    private static long FirstMs(AuditFileName file)
    {
        var head = new byte[512];
        using var stream = file.Open(0);
        return TimeOf(head.AsSpan(0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)));
    }

    /// <summary>
    /// Returns the time of a line, which each kind of record has near its beginning; 0 if it has none.
    /// </summary>
    private static long TimeOf(ReadOnlySpan<byte> line)
    {
        var head = line[..Math.Min(line.Length, 128)];
        var at = head.IndexOf("\"time\":\""u8);
        return at >= 0 && head.Length >= at + 32 ? RecordFields.InstantOf(head.Slice(at + 8, 24)) : 0;
    }

    private void Forward(AuditFileName file, long bound, Visit visit, CancellationToken cancellation)
    {
        using var stream = file.Open(0);
        var buffer = ArrayPool<byte>.Shared.Rent(PartMost);
        try
        {
            var (offset, kept) = (0L, 0);
            while (offset < bound)
            {
                cancellation.ThrowIfCancellationRequested();
                var read = stream.ReadAtLeast(
                    buffer.AsSpan(kept, Math.Min(StepBytes, buffer.Length - kept)), 1, throwOnEndOfStream: false);
                var filled = kept + read;
                var end = buffer.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
                Lines(file.Number, offset, buffer.AsSpan(0, end), bound, visit);
                kept = filled - end;
                // A longer line is not a record of the gateway.
                if (read == 0 || kept > PartMost / 2)
                    return;
                buffer.AsSpan(end, kept).CopyTo(buffer);
                offset += end;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Returns the place and reason of an early end; null if the whole file was visited.</summary>
    private (long Stop, bool IsOver)? Backward(
        AuditFileName file, long bound, RecordFilter filter, Visit visit, Func<bool> endPart,
        CancellationToken cancellation)
    {
        using var stream = file.Open(0);
        if (!stream.CanSeek)
        {
            // It was compressed since the directory was listed.
            Forward(file, bound, visit, cancellation);
            return endPart() ? null : (0, false);
        }

        var until = Math.Min(bound, stream.Length);
        var buffer = ArrayPool<byte>.Shared.Rent(PartMost);
        try
        {
            for (var size = PartFirst; until > 0;)
            {
                cancellation.ThrowIfCancellationRequested();
                var start = Math.Max(0, until - size);
                stream.Position = start;
                var part = buffer.AsSpan(0, (int)(until - start));
                part = part[..stream.ReadAtLeast(part, part.Length, throwOnEndOfStream: false)];
                // The rest of the line that begins before the part belongs to the next one.
                var skipped = start == 0 ? 0 : part.IndexOf((byte)'\n') + 1;
                if (start > 0 && (skipped == 0 || skipped == part.Length))
                {
                    if (size == PartMost)
                        return null;
                    size = PartMost;
                    continue;
                }

                var lines = part[skipped..];
                Lines(file.Number, start + skipped, lines, bound, visit);
                until = start + skipped;
                ReachedMs = TimeOf(lines);
                if (!endPart())
                    return (until, false);
                if (ReachedMs > 0 && ReachedMs < (filter.FromMs ?? 0) - OutOfOrderMs)
                    return (until, true);
                size = Math.Min(size * 2, PartMost);
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Visits whole lines; a partial line at the end does not exist yet.</summary>
    private void Lines(int file, long offset, ReadOnlySpan<byte> lines, long bound, Visit visit)
    {
        for (var at = 0; at < lines.Length;)
        {
            if (needles.Count > 0)
            {
                var found = needles[0].IndexOf(lines[at..]);
                if (found < 0)
                    return;
                at += lines.Slice(at, found).LastIndexOf((byte)'\n') + 1;
            }

            var length = lines[at..].IndexOf((byte)'\n');
            if (length < 0 || offset + at >= bound)
                return;
            var line = lines.Slice(at, length);
            if (HasAll(line))
                visit(new LogPlace(file, offset + at), line);
            at += length + 1;
        }
    }

    private bool HasAll(ReadOnlySpan<byte> line)
    {
        for (var needle = 1; needle < needles.Count; needle++)
        {
            if (needles[needle].IndexOf(line) < 0)
                return false;
        }

        return true;
    }
}

using System.Text.Json;
using Gateway.Audit.Arguments;
using Gateway.Audit.Evidence;
using Gateway.Audit.Records;

namespace Gateway.Audit.Verifying;

/// <summary>The comparison of a log's personal values with the hashes that its evidence covers.</summary>
/// <param name="first">Number of the first file that exists.</param>
/// <param name="arguments">The recorded arguments; null to compare only their salts.</param>
internal sealed class ValueCheck(int first, ArgumentReader? arguments)
{
    /// <summary>Maximum number of breaks that are listed individually.</summary>
    private const int PartsMax = 100;

    private readonly Dictionary<LogPlace, int> _blank = [];
    private readonly Dictionary<string, ErasedValues> _erasures = new(StringComparer.Ordinal);
    private readonly List<VerifiedPart> _parts = [];
    private long _kept;
    private long _changed;
    private long _pending;
    private long _missing;

    /// <summary>Reads all records of a log.</summary>
    /// <param name="cursor">A reader of the records, at their beginning.</param>
    /// <param name="parts">Receives the breaks.</param>
    /// <param name="arguments">The recorded arguments; null to compare only their salts.</param>
    /// <returns>Null if there are neither values nor erasures.</returns>
    public static VerifiedValues? Run(
        RecordCursor cursor, List<VerifiedPart> parts, ArgumentReader? arguments)
    {
        var check = new ValueCheck(cursor.First, arguments);
        cursor.Go(new LogPlace(cursor.First, 0));
        for (var at = cursor.At; cursor.Read(new LogPlace(int.MaxValue, 0)) is { } line; at = cursor.At)
        {
            // The read itself moves from a finished file to the next one.
            var place = at.File == cursor.At.File ? at : new LogPlace(cursor.At.File, 0);
            if (ErasableValues.TryRead(line, out var values))
                check.Read(place, cursor.At, values, line);
            else if (ErasureRecord.Read(line) is { } erasure)
                check.Apply(place, erasure.Id, erasure.Values, erasure.Places);
        }

        check.End();
        parts.AddRange(check._parts);
        return check._kept + check._changed + check._missing + check._erasures.Count == 0 ? null : new VerifiedValues(
            check._kept, check._changed, check._missing, check._pending, [.. check._erasures.Values]);
    }

    private void Read(LogPlace place, LogPlace end, in ErasableValues values, byte[] line)
    {
        var (blank, changed) = (0, 0);
        var recorded = values.HasArguments ? RecordedOf(line) : null;
        for (var i = 0; i < values.Count; i++)
        {
            if (values.IsKept(i) && (recorded is null || values.IsHashOf(i, recorded.Value.Span)))
                _kept++;
            else if (values.IsBlank(i))
                blank |= values.NameAt(i);
            else
                changed |= values.NameAt(i);
        }

        if (blank != 0)
            _blank[place] = blank;
        if (changed == 0)
            return;
        _changed += Count(changed);
        Break(place, end, $"{Names(changed)}: a value or its salt was changed");
    }

    /// <summary>Returns the recorded arguments of a call; null if they have expired or were never stored.</summary>
    private ReadOnlyMemory<byte>? RecordedOf(byte[] line)
    {
        if (arguments is null)
            return null;
        var record = JsonElement.Parse(line);
        return record.TryGetProperty("callId"u8, out var id) && record.TryGetProperty("time"u8, out var time)
            && time.TryGetDateTimeOffset(out var at)
            ? arguments.FindValues(id.GetString(), at.ToUnixTimeMilliseconds())
            : null;
    }

    private void Apply(LogPlace at, string id, int set, List<(int File, long Offset)> places)
    {
        var erased = 0L;
        foreach (var (file, offset) in places)
        {
            var place = new LogPlace(file, offset);
            // The place is earlier in the log, so it has been read.
            if (!_blank.Remove(place, out var blank))
            {
                _pending += file >= first ? 1 : 0;
                continue;
            }

            erased += Count(blank & set);
            if ((blank & ~set) is not 0 and var rest)
                _blank[place] = rest;
        }

        _erasures[id] = _erasures.TryGetValue(id, out var known)
            ? known with { Values = known.Values + erased }
            : new ErasedValues(id, at, erased);
    }

    private void End()
    {
        foreach (var (place, set) in _blank.OrderBy(static one => one.Key))
        {
            _missing += Count(set);
            Break(place, place, $"{Names(set)}: missing without an erasure record");
        }
    }

    private void Break(LogPlace from, LogPlace to, string says)
    {
        if (_parts.Count < PartsMax)
            _parts.Add(new VerifiedPart("broken", from, to, 1, says));
        else
            _parts[^1] = _parts[^1] with
            {
                To = to,
                Records = _parts[^1].Records + 1,
                Says = "further values are missing without an erasure record, or were changed",
            };
    }

    private static int Count(int set) => int.PopCount(set);

    private static string Names(int set) => string.Join(", ", ErasableValues.NamesOf(set));
}

/// <summary>The personal values of a log, compared with the hashes in its records.</summary>
/// <param name="Kept">Number of unchanged values.</param>
/// <param name="Changed">Number of values that differ from their hash, which is tampering.</param>
/// <param name="Missing">Number of values that are missing without an erasure record, which is tampering.</param>
/// <param name="Pending">
/// Number of records whose values an erasure names and that still have them: it was interrupted.
/// </param>
/// <param name="Erasures">The erasures.</param>
public sealed record VerifiedValues(
    long Kept, long Changed, long Missing, long Pending, IReadOnlyList<ErasedValues> Erasures);

/// <summary>The values that one erasure removed.</summary>
/// <param name="Id">The erasure's id, as in its records.</param>
/// <param name="At">The place of its first record with places.</param>
/// <param name="Values">Number of values that it removed from the records that still exist.</param>
public sealed record ErasedValues(string Id, LogPlace At, long Values);

using Gateway.Audit.Records;
using Gateway.Mcp.Writing;

namespace Gateway.Audit.Writing;

/// <summary>
/// Counts, by kind, the records that could not be written since the last one that could. The counts become a record
/// themselves as soon as there is room, so that the log never hides a gap.
/// </summary>
internal sealed class AuditGap
{
    private readonly Lock _gate = new();
    private long _decisions;
    private long _outcomes;
    private long _approvals;
    private long _changes;
    private long _sinceMs;
    private string _cause = "";

    /// <summary>True if nothing is missing.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
                return _decisions + _outcomes + _approvals + _changes == 0;
        }
    }

    /// <summary>Counts whole lines that were not written. The call of a missing decision was denied.</summary>
    public void Add(ReadOnlySpan<byte> lines, string cause, long nowMs)
    {
        lock (_gate)
        {
            if (_decisions + _outcomes + _approvals + _changes == 0)
                (_sinceMs, _cause) = (nowMs, cause);
            foreach (var range in lines.Split((byte)'\n'))
                Count_NeedsLock(lines[range]);
        }
    }

    /// <summary>
    /// Returns the gap record with the current counts; <see cref="Remove"/> subtracts them once it is written.
    /// </summary>
    public (byte[] Line, AuditGapCounts Counts) Read(long nowMs)
    {
        lock (_gate)
        {
            var counts = new AuditGapCounts(_decisions, _outcomes, _approvals, _changes);
            var scratch = JsonScratch.Take();
            var json = scratch.Json;
            json.WriteStartObject();
            json.WriteString("kind"u8, "gap"u8);
            RefusalJson.WriteTime(json, "time"u8, nowMs);
            RefusalJson.WriteTime(json, "since"u8, _sinceMs);
            json.WriteString("cause"u8, _cause);
            json.WriteNumber("decisions"u8, counts.Decisions);
            json.WriteNumber("outcomes"u8, counts.Outcomes);
            json.WriteNumber("approvals"u8, counts.Approvals);
            json.WriteNumber("changes"u8, counts.Changes);
            json.WriteEndObject();
            return (scratch.Written("\n"u8).ToArray(), counts);
        }
    }

    /// <summary>Subtracts counts that are now recorded; records that were lost since then remain.</summary>
    public void Remove(in AuditGapCounts counts, long nowMs)
    {
        lock (_gate)
        {
            _decisions -= counts.Decisions;
            _outcomes -= counts.Outcomes;
            _approvals -= counts.Approvals;
            _changes -= counts.Changes;
            _sinceMs = nowMs;
        }
    }

    private void Count_NeedsLock(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("{\"kind\":\"decision\""u8) || line.StartsWith("{\"kind\":\"charge\""u8))
            _decisions++;
        else if (line.StartsWith("{\"kind\":\"outcome\""u8))
            _outcomes++;
        else if (line.StartsWith("{\"kind\":\"approval\""u8))
            _approvals++;
        // A count of refusals is not lost: the next one includes it.
        else if (!line.IsEmpty && !line.StartsWith(FoldedLine.Start))
            _changes++;
    }
}

/// <summary>Numbers of missing records, by kind.</summary>
internal readonly record struct AuditGapCounts(long Decisions, long Outcomes, long Approvals, long Changes);

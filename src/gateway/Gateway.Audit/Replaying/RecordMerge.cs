using System.Text.Json;

namespace Gateway.Audit.Replaying;

/// <summary>Merges the records of several frontends in the order of their instants.</summary>
/// <param name="sources">The records of each frontend.</param>
/// <param name="goesOn">Called regularly while records are read; may throw to stop the merge.</param>
internal sealed class RecordMerge(IReadOnlyList<RecordSource> sources, Action goesOn)
{
    private const int ProgressEvery = 8192;

    private readonly RecordParser _parser = new();
    private readonly PriorityQueue<Head, (long TimeMs, int Source)> _heads = new();

    /// <summary>Number of lines read.</summary>
    public long Records { get; private set; }

    /// <summary>Number of bytes read.</summary>
    public long Bytes { get; private set; }

    /// <summary>Reads the first record of each source.</summary>
    public void Begin()
    {
        for (var i = 0; i < sources.Count; i++)
            Follow(new ReplayOrder(), i);
    }

    /// <summary>Returns the next record and its source, or null at the end.</summary>
    public (object Record, RecordSource Source)? Next()
    {
        if (!_heads.TryDequeue(out var head, out var place))
            return null;
        Follow(head.Order, place.Source);
        return (head.Record, sources[place.Source]);
    }

    /// <summary>Reads the next record of a source, if there is one.</summary>
    private void Follow(ReplayOrder order, int source)
    {
        while (sources[source].Read() is { } line)
        {
            if (++Records % ProgressEvery == 0)
                goesOn();
            Bytes += line.Length + 1;
            if (Parse(line, sources[source]) is not { } record)
                continue;
            if (!order.TryPass(record, out var next))
                continue;
            _heads.Enqueue(new Head(order, next), (ReplayOrder.TimeMs(next), source));
            return;
        }

        if (order.TryTake(out var left))
            _heads.Enqueue(new Head(order, left), (ReplayOrder.TimeMs(left), source));
    }

    private object? Parse(byte[] line, RecordSource source)
    {
        try
        {
            return line.Length == 0 ? null : _parser.Parse(line);
        }
        catch (JsonException)
        {
            source.Pass();
            return null;
        }
    }

    private readonly record struct Head(ReplayOrder Order, object Record);
}

using System.Text.Json;

namespace Gateway.Audit.Replaying;

/// <summary>Reads the records of several frontends as one, in the order of their instants.</summary>
/// <param name="sources">Whose.</param>
/// <param name="goesOn">Told now and then that it goes on; may throw to end it.</param>
internal sealed class RecordMerge(IReadOnlyList<RecordSource> sources, Action goesOn)
{
    private const int TellEvery = 8192;

    private readonly RecordParser _parser = new();
    private readonly PriorityQueue<Head, (long TimeMs, int Source)> _heads = new();

    /// <summary>Lines that were read.</summary>
    public long Records { get; private set; }

    /// <summary>Bytes of them.</summary>
    public long Bytes { get; private set; }

    /// <summary>Takes up the first record of each.</summary>
    public void Begin()
    {
        for (var i = 0; i < sources.Count; i++)
            Follow(new ReplayOrder(), i);
    }

    /// <summary>The next record and whose it is; null where no more are.</summary>
    public (object Record, RecordSource Source)? Next()
    {
        if (!_heads.TryDequeue(out var head, out var place))
            return null;
        Follow(head.Order, place.Source);
        return (head.Record, sources[place.Source]);
    }

    /// <summary>Takes up the next record of a source, where there is one.</summary>
    private void Follow(ReplayOrder order, int source)
    {
        while (sources[source].Read() is { } line)
        {
            if (++Records % TellEvery == 0)
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

using Gateway.Limits.Counting.Compact;

namespace Gateway.Limits.Tests.Counting.Compact;

/// <summary>An index that says nothing else than a dictionary would.</summary>
public sealed class CompactTableTests
{
    [Theory]
    [InlineData(1, 40, 20_000)]
    [InlineData(2, 3000, 60_000)]
    public void Say_what_a_dictionary_says_whatever_is_added_and_removed(int seed, int keysMax, int steps)
    {
        var random = new Random(seed);
        var keys = Enumerable.Range(0, keysMax).Select(static i => Asked.Key("c" + i)).ToArray();
        var rows = new CompactTable<Row>();
        var twin = new Dictionary<CounterKey, (int Row, int Value)>();
        for (var step = 0; step < steps; step++)
        {
            // It fills and empties in turns, so that every load of the index is met.
            var key = keys[random.Next(keysMax)];
            var isThere = twin.TryGetValue(key, out var known);
            Assert.Equal(isThere ? known.Row : -1, rows.Find(Asked.Key(key.Counter)));
            var adds = random.Next(100) < (step / (keysMax * 4) % 2 == 0 ? 80 : 20);
            if (isThere && !adds)
            {
                rows.Remove(known.Row);
                twin.Remove(key);
            }
            else if (!isThere && adds)
            {
                twin.Add(key, (rows.Add(new Row(key, step)), step));
            }

            Assert.Equal(twin.Count, rows.Count);
        }

        var all = new Dictionary<CounterKey, (int Row, int Value)>();
        for (var row = 0; row < rows.End; row++)
            if (rows[row].Key is { } key) all.Add(key, (row, rows[row].Value));
        Assert.Equal(twin, all);
        Assert.True(rows.End <= keysMax, "A place that became free is used again.");
    }

    private readonly record struct Row(CounterKey? Key, int Value) : ICompactRow;
}

using Gateway.Control.Tables;

namespace Gateway.Control.Tests.Tables;

public sealed class ShardedDictionaryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Has_what_a_plain_dictionary_has_after_many_changes_and_leaves_the_one_before_as_it_was(int seed)
    {
        var random = new Random(seed);
        var plain = new Dictionary<int, string>();
        var table = new ShardedDictionary<int, string>(plain);
        for (var i = 0; i < 500; i++)
        {
            var (before, had) = (table, plain.ToDictionary());
            var changes = Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(5000)).Distinct()
                .ToDictionary(static key => key, key => random.Next(4) == 0 ? null : $"{key} {i}");
            foreach (var (key, value) in changes)
            {
                if (value is null)
                    plain.Remove(key);
                else
                    plain[key] = value;
            }

            table = table.With(changes);
            Assert.Equal(had.Count, before.Count);
            Assert.All(changes.Keys, key => Assert.Equal(had.GetValueOrDefault(key), before.GetValueOrDefault(key)));
        }

        Assert.Equal(plain.Count, table.Count);
        Assert.Equal(plain.OrderBy(static one => one.Key), table.OrderBy(static one => one.Key));
        Assert.All(plain, one => Assert.Equal(one.Value, table[one.Key]));
    }
}

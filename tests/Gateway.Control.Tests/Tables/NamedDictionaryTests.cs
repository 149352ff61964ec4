using Gateway.Control.Tables;

namespace Gateway.Control.Tests.Tables;

public sealed class NamedDictionaryTests
{
    private const int Changes = 3000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Equals_a_plain_dictionary_after_many_changes_and_reports_each_change(int seed)
    {
        var random = new Random(seed);
        var plain = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var table = new NamedDictionary<string>();
        for (var i = 0; i < Changes; i++)
        {
            var before = table;
            var name = $"n{random.Next(900)}";
            var old = plain.GetValueOrDefault(name);
            if (random.Next(3) == 0)
            {
                plain.Remove(name);
                table = table.Without(name);
            }
            else
            {
                plain[name] = $"{name} {i}";
                table = table.With(name, plain[name]);
            }

            Assert.Equal(plain.GetValueOrDefault(name), table.Find(name));
            Assert.Equal(plain.Count, table.Count);
            (string?, string?)[] expected = old == plain.GetValueOrDefault(name)
                ? [] : [(old, plain.GetValueOrDefault(name))];
            Assert.Equal(expected, table.ChangesSince(before));
        }

        Assert.Equal(plain, table);
        Assert.All(plain, one => Assert.Equal(one.Value, table[one.Key]));
    }

    [Fact]
    public void Reports_all_differences_between_unrelated_tables()
    {
        var before = Of(0, 700);
        var now = Of(300, 1500);

        var changes = now.ChangesSince(before).ToList();

        // What has one name is another object in each, so that it counts as changed.
        Assert.Equal(1500, changes.Count);
        Assert.Equal(300, changes.Count(static one => one.Now is null));
        Assert.Equal(800, changes.Count(static one => one.Before is null));
        Assert.Equal(400, changes.Count(static one => one.Before == one.Now));
    }

    [Fact]
    public void Is_in_ordinal_order_whatever_order_it_is_made_of_and_takes_no_name_twice()
    {
        string[] names = ["b", "B", "a-1", "a", "ä", ""];

        var table = new NamedDictionary<string>(names, static name => name);

        Assert.Equal(names.Order(StringComparer.Ordinal), table.Keys);
        Assert.Throws<ArgumentException>(() => new NamedDictionary<string>(["a", "b", "a"], static name => name));
    }

    private static NamedDictionary<string> Of(int from, int to) => new(
        Enumerable.Range(from, to - from).Select(static n => $"n{n:0000}"), static name => name);
}

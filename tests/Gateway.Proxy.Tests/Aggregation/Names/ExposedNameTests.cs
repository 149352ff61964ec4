using Gateway.Mcp;
using Gateway.Proxy.Aggregation.Names;

namespace Gateway.Proxy.Tests.Aggregation.Names;

public sealed class ExposedNameTests
{
    [Theory]
    [InlineData("crm", "find_customer", "crm__find_customer")]
    [InlineData("crm-2", "a__b", "crm-2__a__b")]
    [InlineData("crm", "_find", "crm___find")]
    public void A_name_that_clients_take_says_server_and_name(string server, string name, string exposed) =>
        Assert.Equal(exposed, ExposedName.Of(server, name));

    [Theory]
    [InlineData("crm", "find.customer")]
    [InlineData("crm", "größe")]
    [InlineData("crm", "")]
    [InlineData("my.crm", "find")]
    [InlineData("a__b", "find")]
    [InlineData("a_", "find")]
    [InlineData("crm", "find_0123456789ab")]
    [InlineData("crm", "a_tool_whose_name_is_so_long_that_no_client_takes_it_with_a_server_before_it")]
    public void Any_other_ends_in_a_hash_and_is_within_what_clients_take(string server, string name)
    {
        var exposed = ExposedName.Of(server, name);
        Assert.Matches("^[A-Za-z0-9_-]{1,64}$", exposed);
        Assert.Matches("__.*_[0-9a-f]{12}$", exposed);
    }

    [Fact]
    public void No_two_tools_of_any_servers_have_one_name_whatever_they_are_called()
    {
        var random = new Random(26);
        var seen = new Dictionary<string, (string Server, string Name)>(StringComparer.Ordinal);
        for (var i = 0; i < 50_000; i++)
        {
            // Few letters, so that nearly every clash that can be made is made.
            var server = "a" + Text(random, "ab_.-", random.Next(6));
            var name = Text(random, "ab_./é", random.Next(i % 50 == 0 ? 90 : 7));
            Add(server, name);
            // A tool that is called as another is called here takes nothing from it.
            var exposed = ExposedName.Of(server, name);
            Add("a", exposed[Math.Min(exposed.Length, 3)..]);
        }

        void Add(string server, string name)
        {
            var exposed = ExposedName.Of(server, name);
            Assert.Matches("^[A-Za-z0-9_-]{1,64}$", exposed);
            Assert.Equal(exposed, ExposedName.Of(server, name));
            Assert.Equal((server, name), seen.GetValueOrDefault(exposed, (server, name)));
            seen[exposed] = (server, name);
        }
    }

    [Fact]
    public void Whatever_server_or_tool_is_added_later_renames_nothing_and_takes_nothing_over()
    {
        var random = new Random(2026);
        for (var round = 0; round < 200; round++)
        {
            var servers = new SortedDictionary<string, Offers>(StringComparer.Ordinal);
            var promised = new Dictionary<string, (string Server, string Name)>(StringComparer.Ordinal);
            for (var i = 0; i < 60; i++)
            {
                var server = "a" + Text(random, "ab_.-", random.Next(4));
                var name = Text(random, "ab_./é", random.Next(i % 20 == 0 ? 90 : 5));
                if (!servers.TryGetValue(server, out var offers))
                    servers[server] = offers = new Offers(server, 1000, TimeProvider.System);
                offers.Add(McpListKind.Tools, name);
                promised.TryAdd(offers.Exposed(McpListKind.Tools, name)!, (server, name));
                // Routed by table: each name that was ever given leads to the one tool that it was given for.
                Assert.All(promised, one => Assert.Equal(
                    [one.Value],
                    servers.Where(known => known.Value.Original(McpListKind.Tools, one.Key) is not null)
                        .Select(known => (known.Key, known.Value.Original(McpListKind.Tools, one.Key)!))));
            }
        }
    }

    private static string Text(Random random, string letters, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => letters[random.Next(letters.Length)]));
}

using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Rules;

public class InFlightTests
{
    private const string Both = """
        {"version":"1","default":"deny",
         "all_tools":{"max_in_flight":{"max":9,"scope":"server"}},
         "tools":{"slow_*":{"max_in_flight":{"max":3}},"ask":{"action":"approve"},"no":{"action":"deny"},
                  "try":{"mode":"shadow","max_in_flight":{"max":1}}}}
        """;

    [Theory]
    [InlineData("slow_a", "/all_tools/max_in_flight /tools/slow_*/max_in_flight", "")]
    [InlineData("slow_b", "/all_tools/max_in_flight /tools/slow_*/max_in_flight", "")]
    [InlineData("ask", "/all_tools/max_in_flight", "")]
    [InlineData("try", "/all_tools/max_in_flight", "/tools/try/max_in_flight")]
    [InlineData("no", "", "")]
    [InlineData("other", "", "")]
    public void A_call_takes_a_place_of_all_tools_and_of_its_entry(string tool, string places, string inShadow)
    {
        var decision = Call(Bind(Both), tool, "{}");
        Assert.Equal(places, string.Join(' ', decision.InFlight.Select(static place => place.Rule)));
        Assert.Equal(inShadow, string.Join(' ', decision.ShadowInFlight.Select(static place => place.Rule)));
        Assert.Empty(decision.LimitCosts);
    }

    [Fact]
    public void Entries_all_tools_shadow_and_scopes_have_places_of_their_own_and_one_name_to_show()
    {
        var binding = Bind(Both);
        var places = ((string[])["slow_a", "slow_b", "try"])
            .SelectMany(tool => Call(binding, tool, "{}") is var decision
                ? decision.InFlight.AddRange(decision.ShadowInFlight) : []).ToList();
        Assert.Equal(3, places.DistinctBy(static place => place.Cost.Key).Count());
        Assert.All(places, static place => Assert.Equal("(in flight)", place.Counter));
        Assert.All(places, static place => Assert.Equal(Amount.One, place.Cost.Cost));
        Assert.Equal(["9", "3", "1"], places.Select(static place => place.Cost.Max.ToString()).Distinct());
        foreach (var place in places)
        {
            Assert.True(CounterKeyReader.TryRead(place.Cost.Key.Text, out var read));
            Assert.Equal(place.Cost.Key, read);
        }
    }

    [Fact]
    public void An_agent_has_places_of_its_own_unless_they_are_the_servers()
    {
        static string[] Scopes(string policy) =>
            [.. Call(Bind(policy), "slow_a", "{}").InFlight.Select(static place => place.Cost.Key.ScopeId)];
        var scopes = Scopes(Both);
        Assert.Equal(2, scopes.Length);
        Assert.DoesNotContain("@", scopes[0], StringComparison.Ordinal);
        Assert.Contains("@", scopes[1], StringComparison.Ordinal);
    }
}

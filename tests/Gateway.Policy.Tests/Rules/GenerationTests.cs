using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Rules;

public class GenerationTests
{
    private const string Limited = """
        {"version":"1","default":"deny",
         "all_tools":{"limits":[{"counter":"all","window":"hour","max":50}]},
         "tools":{"t":{"limits":[{"counter":"c","window":60,"max":5},{"counter":"s","window":60,"max":5,"scope":"session"}]},
                  "u":{"limits":[{"counter":"c","window":60,"max":5}]}}}
        """;

    [Fact]
    public void A_reset_counter_is_another_counter_and_the_others_stay()
    {
        var generations = new CounterGenerations([new("g@s/c/grant/fixed/60s", 3)]);
        var binding = Load(Limited).Policy!.Bind("g", "s", generations);

        Assert.Equal(
            ["g@s/all/grant/fixed/3600s/0", "g@s/c/grant/fixed/60s/3", "g@s/s/session/fixed/60s/0"],
            Call(binding, "t").LimitCosts.Select(cost => cost.Key.Text));
    }

    [Fact]
    public void A_session_has_a_generation_of_its_own()
    {
        var generations = new CounterGenerations([new("x@g@s/s/session/fixed/60s", 1)]);
        var binding = Load(Limited).Policy!.Bind("g", "s", generations);

        Assert.Equal("x@g@s/s/session/fixed/60s/1", Call(binding, "t", session: "x").LimitCosts[2].Key.Text);
        Assert.Equal("y@g@s/s/session/fixed/60s/0", Call(binding, "t", session: "y").LimitCosts[2].Key.Text);
    }

    [Fact]
    public void The_counters_of_a_binding_are_listed_once_each()
    {
        var binding = Bind(Limited);

        Assert.Equal(
            ["g@s/all/grant/fixed/3600s/0", "g@s/c/grant/fixed/60s/0", "g@s/s/session/fixed/60s/0"],
            binding.Counters.Select(cost => cost.Cost.Key.Text));
        Assert.Empty(PolicyBinding.NoPolicy("g", "s").Counters);
    }

    [Fact]
    public void Places_of_calls_in_flight_are_counters_too()
    {
        var binding = Bind("""
            {"version":"1","default":"deny","all_tools":{"max_in_flight":{"max":9,"scope":"server"}},
             "tools":{"t":{"max_in_flight":{"max":2}},"u":{}}}
            """);

        Assert.Equal(
            ["s/(in flight)/server/in_flight/30s/0", "g@s/(in flight)~by~t/grant/in_flight/30s/0"],
            binding.Counters.Select(cost => cost.Cost.Key.Text));
        Assert.All(binding.Counters, static cost => Assert.Equal(("(in flight)", ""), (cost.Counter, cost.WindowText)));
    }
}

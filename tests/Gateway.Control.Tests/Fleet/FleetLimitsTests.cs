using Gateway.Control.Fleet;
using Gateway.Control.Updating;

namespace Gateway.Control.Tests.Fleet;

public sealed class FleetLimitsTests : IDisposable
{
    private const string Smaller = "the smaller maximum holds";
    private const string NotThere = "that gateway does not have this limit and admits calls without counting them";
    private const string Refused = "calls that this limit applies to are refused until the files agree";
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{ "counter": "calls", "window": "day", "max": 2 }""", "2", Smaller)]
    [InlineData("""{ "counter": "calls", "window": "day", "max": 9 }""", "5", Smaller)]
    [InlineData("""{ "counter": "calls", "window": "week", "max": 5 }""", null, Refused)]
    [InlineData("""{ "counter": "others", "window": "day", "max": 5 }""", null, Refused)]
    [InlineData("""{ "counter": "calls", "window": "day", "max": 5, "scope": "server" }""", null, Refused)]
    public void Compare_another_limit_holds_the_smaller_maximum_or_refuses(string theirs, string? max, string effect)
    {
        const string mine = """{ "counter": "calls", "window": "day", "max": 5 }""";

        var (limits, differences) = Compare(Config(mine), Config(theirs));

        var cost = Costs(Config(mine), "bot").Single();
        var id = FleetLimits.IdOf(cost.Key);
        Assert.Equal(max is null, limits.ProblemOf(id) is not null);
        if (max is not null)
            Assert.Equal(max, limits.MaxOf(id, cost.Max).ToString());
        Assert.Equal([new FleetDifference("policies/p", "host-b", effect)], differences);
    }

    [Fact]
    public void Compare_a_limit_in_shadow_elsewhere_is_reported_and_goes_on_where_it_is_enforced()
    {
        const string limit = """{ "counter": "calls", "window": "day", "max": 5 }""";

        var (here, differences) = Compare(Config(limit), Config(limit, shadow: true));
        var (there, _) = Compare(Config(limit, shadow: true), Config(limit));

        Assert.True(here.IsEmpty);
        Assert.True(there.IsEmpty);
        Assert.Equal([new FleetDifference("policies/p", "host-b", NotThere)], differences);
    }

    [Fact]
    public void Compare_a_grant_that_the_other_file_lacks_or_binds_to_another_policy()
    {
        const string limit = """{ "counter": "calls", "window": "day", "max": 5 }""";
        var mine = Config(limit);
        var (without, lacking) = Compare(mine, mine.Replace("\"bot\"", "\"tob\"", StringComparison.Ordinal));
        var (other, bound) = Compare(mine, mine.Replace(
            "\"policy\": \"p\"", "\"policy\": \"q\"", StringComparison.Ordinal));

        // No call of the grant passes there, so its calls are all counted here.
        Assert.True(without.IsEmpty);
        Assert.Equal(["grants/bot", "grants/tob"], lacking.Select(static one => one.Object));
        // The policy q has no limits.
        Assert.True(other.IsEmpty);
        Assert.Equal([("grants/bot", NotThere)], bound.Select(static one => (one.Object, one.Effect)));
    }

    [Fact]
    public void Compare_budgets_hold_the_smaller_maximum_for_every_key_or_refuse()
    {
        const string limit = """{ "counter": "calls", "window": "day", "max": 5 }""";
        const string mine = """
            "mail": { "window": "day", "max": 9, "services": ["*"] },
            "sms": { "window": "day", "max": 9, "keyed": true, "services": ["*"] },
            "spend": { "window": "day", "max": 9, "services": ["*"] },
            "own": { "window": "day", "max": 9, "services": ["*"] }
            """;
        const string theirs = """
            "mail": { "window": "day", "max": "2.5", "services": ["*"] },
            "sms": { "window": "day", "max": 3, "keyed": true, "services": ["*"] },
            "spend": { "window": "month", "max": 9, "services": ["*"] }
            """;
        var budgets = State(Config(limit, budgets: mine)).Config.Objects.Budgets;

        var (limits, differences) = Compare(Config(limit, budgets: mine), Config(limit, budgets: theirs));

        Assert.Equal("2.5", Max("mail", null));
        Assert.Equal("3", Max("sms", "anna"));
        Assert.Equal("9", Max("own", null));
        Assert.NotNull(limits.ProblemOf(FleetLimits.IdOf(budgets["spend"].CounterOf(null))));
        Assert.Equal(
            [("budgets/mail", Smaller), ("budgets/own", null), ("budgets/sms", Smaller), ("budgets/spend", Refused)],
            differences.Select(static one => (one.Object, one.Effect)));

        string Max(string name, string? key) => limits.MaxOf(
            FleetLimits.IdOf(budgets[name].CounterOf(key)), budgets[name].Max).ToString();
    }

    [Fact]
    public void Compare_a_sessions_counter_is_found_by_its_grant()
    {
        const string mine = """{ "counter": "calls", "window": "day", "max": 5, "scope": "session" }""";
        var (limits, _) = Compare(Config(mine), Config(mine.Replace("5", "2", StringComparison.Ordinal)));
        var cost = Costs(Config(mine), "bot").Single();
        var session = new CounterKey(
            LimitScope.Session, $"0123abcd@{cost.Key.ScopeId}", cost.Key.Counter, cost.Key.Kind, cost.Key.Window, 3);

        Assert.Equal("2", limits.MaxOf(FleetLimits.IdOf(session), cost.Max).ToString());
    }

    [Fact]
    public void Of_writes_no_header_value_and_no_argument()
    {
        var state = State("""
            { "servers": { "a": { "url": "http://x/mcp", "headers": { "Authorization": "Bearer upstream-secret" } } } }
            """);

        var (text, other) = (
            Encoding.UTF8.GetString(FleetConfigDocument.Of(state.Config).ToBytes()),
            Encoding.UTF8.GetString(FleetConfigDocument.Of(State("""
                { "servers": { "a": { "url": "http://x/mcp", "headers": { "Authorization": "Bearer another" } } } }
                """).Config).ToBytes()));

        // Not even a digest depends on it.
        Assert.Equal(text, other);
    }

    private (FleetLimits Limits, IReadOnlyList<FleetDifference> Differences) Compare(string mine, string theirs)
    {
        var (here, there) = (State(mine), State(theirs));
        return FleetLimits.Compare(
            here, FleetConfigDocument.Of(here.Config), [("host-b", FleetConfigDocument.Of(there.Config))]);
    }

    private IEnumerable<LimitCost> Costs(string config, string grant) =>
        State(config).Config.ToSnapshot().Grants.Values.Single(one => one.Name == grant).Bindings["srv"].Policy.Limits;

    private ControlState State(string config)
    {
        var path = _folder.File("gateway.json", config);
        var loaded = ConfigLoader.Load(path, static _ => null);
        Assert.Empty(loaded.Problems);
        return new ControlState { Config = loaded.Config!, Objects = loaded.Config!.Objects };
    }

    [Theory]
    [InlineData(MailToppedUp, MailToppedUp, null)]
    [InlineData(Mail, MailToppedUp, "5")]
    [InlineData(MailToppedUp, Mail, "5")]
    public void Compare_a_top_up_that_only_one_file_has_holds_the_maximum_without_it(
        string mine, string theirs, string? max)
    {
        const string limit = """{ "counter": "calls", "window": "day", "max": 5 }""";
        var budget = State(Config(limit, budgets: mine)).Config.Objects.Budgets["mail"];

        var (limits, differences) = Compare(Config(limit, budgets: mine), Config(limit, budgets: theirs));

        Assert.Equal(
            max ?? "12", limits.MaxOf(FleetLimits.IdOf(budget.CounterOf(null)), Amount.FromUnits(12)).ToString());
        Assert.Equal(max is null ? 0 : 1, differences.Count);
    }

    private const string Mail = "\"mail\": { \"window\": \"day\", \"max\": 5, \"services\": [] }";

    private const string MailToppedUp = """
        "mail": { "window": "day", "max": 5, "services": [],
          "topUps": [{ "by": 7, "until": "2999-01-01T00:00:00Z", "reason": "r" }] }
        """;

    private static string Config(string limit, string budgets = "", bool shadow = false) => $$"""
        {
          "servers": { "srv": { "url": "http://127.0.0.1:9000/mcp" } },
          "budgets": { {{budgets}} },
          "policies": {
            "p": { "version": "1", "default": "deny", "tools": { "send": {
              {{(shadow ? "\"mode\": \"shadow\"," : "")}} "limits": [ {{limit}} ] } } },
            "q": { "version": "1", "default": "deny", "tools": { "send": {} } }
          },
          "grants": { "bot": { "server": "srv", "policy": "p", "token": "0123456789abcdef" } }
        }
        """;
}

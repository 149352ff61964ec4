using Gateway.Policy.Explaining;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Documents;

public class LimitTests
{
    // The limit begins at column 57 of line 1.
    private static string WithLimit(string limit) => Document("\"tools\":{\"a\":{\"limits\":[" + limit + "]}}");

    [Theory]
    [InlineData("5", 57, "", "a limit must be an object, not the number 5")]
    [InlineData("{\"window\":60,\"max\":1}", 57, "", "\"counter\" is missing")]
    [InlineData("{\"counter\":\"c\",\"max\":1}", 57, "", "\"window\" is missing")]
    [InlineData("{\"counter\":\"c\",\"window\":60}", 57, "", "\"max\" is missing")]
    [InlineData("{\"counter\":\"_c\"}", 68, "/counter", "is not a valid counter name: 1 to 64 letters")]
    [InlineData("{\"counter\":\"\"}", 68, "/counter", "is not a valid counter name")]
    [InlineData("{\"counter\":\"a\\n\"}", 68, "/counter", "is not a valid counter name")]
    [InlineData("{\"counter\":1}", 68, "/counter", "must be a string")]
    [InlineData("{\"window\":\"1w\"}", 67, "/window", "\"1w\" is not a window: write \"second\"")]
    [InlineData("{\"window\":\"60\"}", 67, "/window", "is not a window")]
    [InlineData("{\"window\":0}", 67, "/window", "\"0\" is not a window")]
    [InlineData("{\"window\":-60}", 67, "/window", "\"-60\" is not a window")]
    [InlineData("{\"window\":1.5}", 67, "/window", "\"1.5\" is not a window")]
    [InlineData("{\"window\":6e1}", 67, "/window", "\"6e1\" is not a window")]
    [InlineData("{\"window\":99999999999999999999}", 67, "/window", "is not a window")]
    [InlineData("{\"window\":null}", 67, "/window", "must be \"second\"")]
    [InlineData("{\"max\":null}", 64, "/max", "must be a number, or a string that contains one, not null")]
    [InlineData("{\"max\":\"ten\"}", 64, "/max", "must be written as a JSON number")]
    [InlineData("{\"max\":\"010\"}", 64, "/max", "must be written as a JSON number")]
    [InlineData("{\"max\":\" 10\"}", 64, "/max", "must be written as a JSON number")]
    [InlineData("{\"max\":-1}", 64, "/max", "must be 0 or more, not -1")]
    [InlineData("{\"max\":1234567890123456789}", 64, "/max", "at most 18 integer and 9 fraction digits")]
    [InlineData("{\"max\":0.1234567891}", 64, "/max", "at most 18 integer and 9 fraction digits")]
    [InlineData("{\"max\":\"1e300\"}", 64, "/max", "at most 18 integer and 9 fraction digits")]
    [InlineData("{\"scope\":\"user\"}", 66, "/scope", "must be one of \"grant\", \"session\", \"server\"")]
    [InlineData("{\"kind\":\"slidin\"}", 65, "/kind", "did you mean \"sliding\"?")]
    [InlineData("{\"increment\":0}", 70, "/increment", "never limited: write more than 0")]
    [InlineData("{\"increment\":\"-2\"}", 70, "/increment", "must be 0 or more")]
    [InlineData("{\"refund_on_error\":\"yes\"}", 76, "/refund_on_error", "must be true or false, not a string")]
    [InlineData("{\"increment_from\":\"amount\"}", 75, "/increment_from", "begins with \"args\": \"args.amount\"")]
    [InlineData("{\"increment_from\":\"args.a[*]\"}", 75, "/increment_from", "names more than one value")]
    [InlineData("{\"increment_from\":\"args.a\",\"increment\":2}", 75, "/increment_from", "exclude each other")]
    [InlineData("{\"by\":\"to\"}", 63, "/by", "begins with \"args\": \"args.to\"")]
    [InlineData("{\"by\":\"args\"}", 63, "/by", "name one of them, such as \"args.to\"")]
    [InlineData("{\"by\":\"args.a[*]\"}", 63, "/by", "names more than one value")]
    [InlineData("{\"by\":5}", 63, "/by", "must be a path such as \"args.to\"")]
    [InlineData("{\"by\":[]}", 63, "/by", "a list of 1 to 2 paths")]
    [InlineData("{\"by\":[\"args.a\",\"args.b\",\"args.c\"]}", 63, "/by", "a list of 1 to 2 paths")]
    [InlineData("{\"by\":[\"args.a\",\"args.a\"]}", 63, "/by", "occurs twice")]
    [InlineData("{\"by\":[\"args.a\",7]}", 73, "/by/1", "must be a path")]
    [InlineData("{\"by\":{}}", 63, "/by", "\"path\" is missing")]
    [InlineData("{\"by\":{\"path\":1}}", 71, "/by/path", "must be a string")]
    [InlineData("{\"by\":{\"path\":\"args.a\",\"as\":\"digit\"}}", 85, "/by/as", "did you mean \"digits\"?")]
    [InlineData("{\"by\":{\"path\":\"args.a\",\"in\":1}}", 80, "/by/in", "has no member \"in\"")]
    [InlineData("{\"keys_max\":5}", 69, "/keys_max", "\"keys_max\" needs \"by\"")]
    [InlineData("{\"by\":\"args.a\",\"keys_max\":0}", 83, "/keys_max", "from 1 to 1000000")]
    [InlineData("{\"by\":\"args.a\",\"keys_max\":1000001}", 83, "/keys_max", "from 1 to 1000000")]
    [InlineData("{\"by\":\"args.a\",\"keys_max\":\"5\"}", 83, "/keys_max", "from 1 to 1000000")]
    [InlineData("{\"kind\":\"sliding\",\"window\":\"month\"}", 65, "/kind", "has no fixed length")]
    [InlineData("{\"kind\":\"bucket\",\"window\":\"month\"}", 65, "/kind", "has no fixed length")]
    [InlineData("{\"zone\":\"Europe/Berlin\",\"window\":\"24h\"}", 65, "/zone", "\"zone\" has no effect on the window "
        + "\"24h\": write")]
    [InlineData("{\"zone\":\"Europe/Berlin\",\"window\":86400}", 65, "/zone", "no effect on the window \"86400\"")]
    [InlineData("{\"zone\":\"Europe/Berlin\",\"window\":\"hour\"}", 65, "/zone", "no effect on the window \"hour\"")]
    [InlineData("{\"zone\":\"Europe/Berln\",\"window\":\"day\"}", 65, "/zone", "the time zone \"Europe/Berln\"")]
    [InlineData("{\"zone\":\"../../etc/passwd\"}", 65, "/zone", "write an IANA name such as")]
    [InlineData("{\"zone\":\"europe/berlin\"}", 65, "/zone", "does not know the time zone")]
    [InlineData("{\"zone\":\"\"}", 65, "/zone", "does not know the time zone")]
    [InlineData("{\"zone\":null}", 65, "/zone", "must be a string")]
    [InlineData("{\"window\":\"day@Europe/Berlin\"}", 67, "/window", "is not a window")]
    [InlineData("{\"kind\":\"calendar\"}", 65, "/kind", "must be one of \"fixed\", \"sliding\", \"bucket\"")]
    [InlineData("{\"kind\":\"sliding\",\"window\":\"day\",\"zone\":\"UTC\"}", 65, "/kind", "omit \"zone\"")]
    [InlineData("{\"kind\":\"bucket\",\"window\":\"week\",\"zone\":\"UTC\"}", 65, "/kind", "omit \"zone\"")]
    [InlineData("{\"counter\":\"c\",\"window\":60,\"max\":0}", 57, "", "admit a call: a call counts 1, but max is 0")]
    [InlineData("{\"counter\":\"c\",\"window\":60,\"max\":2,\"increment\":2.5}", 57, "", "counts 2.5, but max is 2")]
    [InlineData("{\"counter\":\"c\",\"window\":60,\"max\":0,\"increment_from\":\"args.a\"}", 57, "", "can never admit")]
    public void Refuses(string limit, int column, string below, string message) =>
        MemberTests.AssertOneOf(WithLimit(limit), 1, column, "/tools/a/limits/0" + below, message);

    [Fact]
    public void Notify_shares_are_reported_in_ascending_order()
    {
        var decision = Evaluate(
            """{"limits":[{"counter":"c","window":"day","max":"2500.05","notify_at":[1.0,0.8,0.3333]}]}""");

        Assert.True(decision.Notifies);
        Assert.Equal(
            [(0.3333m, "833.266665"), (0.8m, "2000.04"), (1m, "2500.05")],
            decision.Costs.Single().NotifyAt.Select(static one => (one.Share, one.Reached.ToString())));
    }

    [Fact]
    public void A_share_that_is_no_whole_number_is_reached_by_the_next_smallest_amount() => Assert.Equal(
        "0.000000001",
        Evaluate("""{"limits":[{"counter":"c","window":60,"max":"0.000000001","increment":"0.000000001","notify_at":[0.5]}]}""")
            .Costs.Single().NotifyAt.Single().Reached.ToString());

    [Fact]
    public void Nobody_is_notified_without_notify_at_or_in_shadow()
    {
        const string limit = """{"counter":"c","window":60,"max":1""";
        Assert.False(Evaluate("{\"limits\":[" + limit + "}]}").Notifies);
        Assert.False(Evaluate("{\"mode\":\"shadow\",\"limits\":[" + limit + ",\"notify_at\":[1]}]}").Notifies);
    }

    [Theory]
    [InlineData("\"limits\":[{\"counter\":\"c\",\"window\":60,\"max\":1,\"wait\":\"10m\"}]", true)]
    [InlineData("\"limits\":[{\"counter\":\"c\",\"window\":60,\"max\":1}]", false)]
    [InlineData("\"max_in_flight\":{\"max\":1,\"wait\":600}", true)]
    [InlineData("\"budgets\":[{\"budget\":\"mail\",\"wait\":\"10m\"}]", true)]
    [InlineData("\"mode\":\"shadow\",\"max_in_flight\":{\"max\":1,\"wait\":600}", false)]
    public void A_call_waits_only_where_a_rule_says_so_and_the_explanation_says_it(string members, bool waits)
    {
        var document = Document($"\"tools\":{{\"a\":{{{members}}}}}");
        var binding = Bind(document);
        Assert.Equal(waits, binding.MayWait);
        if (!waits)
            return;
        var decision = Call(binding, "a", "{}");
        Assert.All(decision.Costs.Concat(decision.InFlight),
            static cost => Assert.Equal(TimeSpan.FromMinutes(10), cost.Wait));
        Assert.All(
            PolicyExplainer.Explain(binding, new PolicyCall(PolicySubject.Tool, "a"))
                .Steps.TakeLast(decision.Costs.Length),
            static step => Assert.EndsWith("waits as a task for at most 10m", step.Said, StringComparison.Ordinal));
    }

    [Fact]
    public void Limits_that_share_a_counter_notify_at_the_same_shares()
    {
        const string limit = """{"counter":"c","window":60,"max":1""";
        var problem = Load(Document("\"tools\":{\"a\":{\"limits\":[" + limit + "}]},\"b\":{\"limits\":["
            + limit + ",\"notify_at\":[0.8]}]}}")).Problems.Single();
        Assert.Contains("has notify_at [0.8] here and [] at /tools/a/limits/0", problem.Message);
    }

    [Theory]
    [InlineData("{\"notify_at\":0.8}", 70, "/notify_at", "must be an array")]
    [InlineData("{\"notify_at\":[]}", 70, "/notify_at", "1 to 8 shares, such as [0.8, 1.0]")]
    [InlineData("{\"notify_at\":[0.8,80]}", 75, "/notify_at/1", "above 0 and at most 1")]
    [InlineData("{\"notify_at\":[0]}", 71, "/notify_at/0", "above 0 and at most 1")]
    [InlineData("{\"notify_at\":[0.12345]}", 71, "/notify_at/0", "at most 4 decimals")]
    [InlineData("{\"notify_at\":[\"0.8\"]}", 71, "/notify_at/0", "not a string")]
    [InlineData("{\"notify_at\":[1,1.0]}", 73, "/notify_at/1", "1.0 occurs twice")]
    [InlineData("{\"wait\":\"0s\"}", 65, "/wait", "a length from 1 s to 3600 s")]
    [InlineData("{\"wait\":\"1000d\"}", 65, "/wait", "\"15m\" or 60, not \"1000d\"")]
    [InlineData("{\"wait\":\"2h\"}", 65, "/wait", "a length from 1 s to 3600 s")]
    [InlineData("{\"wait\":true}", 65, "/wait", "not true")]
    public void Refuses_shares(string limit, int column, string below, string message) =>
        MemberTests.AssertOneOf(WithLimit(limit), 1, column, "/tools/a/limits/0" + below, message);

    [Theory]
    [InlineData("\"minute\"", "60s")]
    [InlineData("60", "60s")]
    [InlineData("\"60s\"", "60s")]
    [InlineData("\"1m\"", "60s")]
    [InlineData("\"week\"", "week")]
    [InlineData("\"month\"", "month")]
    public void Windows_are_normalised_and_kept_as_written(string window, string normal)
    {
        var entry = "{\"limits\":[{\"counter\":\"c\",\"window\":" + window + ",\"max\":1}]}";
        var cost = Assert.Single(Evaluate(entry).Costs);
        Assert.Equal(normal, cost.Window.ToString());
        Assert.Equal(window.Trim('"'), cost.WindowText);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"kind\":\"fixed\"")]
    public void A_zone_is_part_of_the_counter_that_a_limit_is_counted_by(string kind)
    {
        var entry = "{\"limits\":[{\"counter\":\"c\",\"window\":\"day\",\"zone\":\"America/Sao_Paulo\",\"max\":1"
            + kind + "},{\"counter\":\"c\",\"window\":\"day\",\"max\":2}]}";
        var costs = Evaluate(entry).Costs;
        Assert.EndsWith(
            "/c/grant/calendar/day@America%2FSao_Paulo/0", costs[0].Cost.Key.Text, StringComparison.Ordinal);
        Assert.EndsWith("/c/grant/fixed/86400s/0", costs[1].Cost.Key.Text, StringComparison.Ordinal);
        Assert.Equal("day", costs[0].WindowText);
    }

    [Theory]
    [InlineData("\"2500.00\"", "2500")]
    [InlineData("999999999999999999.999999999", "999999999999999999.999999999")]
    [InlineData("1e2", "100")]
    public void Maxima_are_exact(string max, string expected)
    {
        var entry = "{\"limits\":[{\"counter\":\"c\",\"window\":60,\"max\":" + max + "}]}";
        Assert.Equal(expected, Assert.Single(Evaluate(entry).LimitCosts).Max.ToString());
    }

    [Fact]
    public void One_counter_with_two_maxima_is_an_error_at_the_second()
    {
        var loaded = Load(Document("""
            "all_tools": { "limits": [ { "counter": "c", "window": "minute", "max": 10 } ] },
            "tools": {
              "a": { "limits": [ { "counter": "c", "window": "60s", "max": 11 } ] },
              "b": { "limits": [ { "counter": "c", "window": 60, "max": "10.0" } ] },
              "c": { "limits": [ { "counter": "c", "window": 61, "max": 12 } ] },
              "d": { "limits": [ { "counter": "c", "window": 60, "max": 13, "scope": "server" } ] }
            }
            """));
        var problem = Assert.Single(loaded.Problems);
        Assert.Equal("/tools/a/limits/0", problem.Pointer);
        Assert.Contains("has max 11 here and 10 at /all_tools/limits/0", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Costs_on_one_counter_that_only_together_exceed_it_are_an_error()
    {
        var loaded = Load(Document("""
            "all_tools": { "limits": [ { "counter": "c", "window": 60, "max": 10, "increment": 6 } ] },
            "tools": { "a": { "limits": [ { "counter": "c", "window": 60, "max": 10, "increment": 5 } ] } }
            """));
        var problem = Assert.Single(loaded.Problems);
        Assert.Equal("/tools/a/limits/0", problem.Pointer);
        Assert.Contains("together count 11 for one call, but max is 10", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData(",{\"counter\":\"d\",\"window\":60,\"max\":9}", 0)]
    public void A_session_limit_alone_is_warned_of(string beside, int warnings)
    {
        var loaded = Load(WithLimit("""{"counter":"c","window":60,"max":5,"scope":"session"}""" + beside));
        Assert.NotNull(loaded.Policy);
        Assert.Equal(warnings, loaded.Problems.Count(p => p.Severity == ProblemSeverity.Warning));
    }

    [Theory]
    [InlineData("{\"window\":60}", "\"max\" is missing")]
    [InlineData("{\"max\":1}", "\"window\" is missing")]
    [InlineData("{\"max\":1,\"window\":60,\"scope\":\"grant\"}", "has no member \"scope\"")]
    [InlineData("{\"max\":0.5,\"window\":60}", "can never admit a call")]
    [InlineData("10", "\"rate_limit\" must be an object")]
    public void The_short_form_is_as_strict(string rateLimit, string message) =>
        Assert.Contains(Load(Document("\"tools\":{\"a\":{\"rate_limit\":" + rateLimit + "}}")).Problems, p =>
            p.Pointer.StartsWith("/tools/a/rate_limit", StringComparison.Ordinal)
            && p.Message.Contains(message, StringComparison.Ordinal));
}

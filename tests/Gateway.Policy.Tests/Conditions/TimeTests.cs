using Gateway.Policy.Tests.Documents;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Conditions;

public class TimeTests
{
    private const string Office = """{"zone":"America/Sao_Paulo","days":["mon-fri"],"hours":["09:00-18:00"]}""";

    [Theory]
    [InlineData(Office, "2026-11-20T11:59:59.999Z", false)]
    [InlineData(Office, "2026-11-20T12:00:00.000Z", true)]
    [InlineData(Office, "2026-11-20T20:59:59.999Z", true)]
    [InlineData(Office, "2026-11-20T21:00:00.000Z", false)]
    [InlineData(Office, "2026-11-21T15:00:00.000Z", false)]
    [InlineData("""{"zone":"UTC","days":["sat-mon"]}""", "2026-11-22T23:59:59Z", true)]
    [InlineData("""{"zone":"UTC","days":["sat-mon"]}""", "2026-11-24T00:00:00Z", false)]
    [InlineData("""{"zone":"UTC","days":["fri"],"hours":["22:00-24:00"]}""", "2026-11-20T23:59:59.999Z", true)]
    [InlineData("""{"zone":"UTC","days":["fri"],"hours":["22:00-24:00"]}""", "2026-11-21T00:00:00Z", false)]
    [InlineData("""{"zone":"UTC","hours":["08:00-09:00","10:00-11:00"]}""", "2026-11-21T09:30:00Z", false)]
    [InlineData("""{"zone":"UTC","hours":["08:00-09:00","10:00-11:00"]}""", "2026-11-21T10:00:00Z", true)]
    public void Holds_from_the_first_instant_of_its_hours_to_before_their_end(string time, string at, bool holds) =>
        AssertHolds(time, at, holds);

    [Theory]
    [InlineData("2026-11-20T21:59:59Z", false)]
    [InlineData("2026-11-20T22:00:00Z", true)]
    [InlineData("2026-11-21T05:59:59Z", true)]
    [InlineData("2026-11-21T06:00:00Z", false)]
    [InlineData("2026-11-21T22:00:00Z", false)]
    [InlineData("2026-11-20T03:00:00Z", false)]
    public void Hours_past_midnight_belong_to_the_day_on_which_they_begin(string at, bool holds) =>
        AssertHolds("""{"zone":"UTC","days":["fri"],"hours":["22:00-06:00"]}""", at, holds);

    // Berlin, 2026-03-29: 02:00 becomes 03:00. 2026-10-25: 03:00 becomes 02:00. São Paulo, 2018-11-04: 00:00 becomes
    // 01:00. 2018-02-17: 24:00 becomes 23:00. Lord Howe, 2026-04-05: 02:00 becomes 01:30.
    [Theory]
    [InlineData("Europe/Berlin", "02:00-03:00", "2026-03-29T00:30:00Z", false)]
    [InlineData("Europe/Berlin", "02:00-03:00", "2026-03-29T01:00:00Z", false)]
    [InlineData("Europe/Berlin", "03:00-04:00", "2026-03-29T01:00:00Z", true)]
    [InlineData("Europe/Berlin", "02:00-03:00", "2026-10-25T00:30:00Z", true)]
    [InlineData("Europe/Berlin", "02:00-03:00", "2026-10-25T01:30:00Z", true)]
    [InlineData("Europe/Berlin", "02:00-03:00", "2026-10-25T02:00:00Z", false)]
    [InlineData("America/Sao_Paulo", "00:00-01:00", "2018-11-04T02:59:59Z", false)]
    [InlineData("America/Sao_Paulo", "00:00-01:00", "2018-11-04T03:00:00Z", false)]
    [InlineData("America/Sao_Paulo", "01:00-02:00", "2018-11-04T03:00:00Z", true)]
    [InlineData("America/Sao_Paulo", "23:00-24:00", "2018-02-18T01:30:00Z", true)]
    [InlineData("America/Sao_Paulo", "23:00-24:00", "2018-02-18T02:30:00Z", true)]
    [InlineData("America/Sao_Paulo", "23:00-24:00", "2018-02-18T03:00:00Z", false)]
    [InlineData("Australia/Lord_Howe", "01:30-02:00", "2026-04-04T14:45:00Z", true)]
    [InlineData("Australia/Lord_Howe", "01:30-02:00", "2026-04-04T15:15:00Z", true)]
    [InlineData("Australia/Lord_Howe", "01:30-02:00", "2026-04-04T15:30:00Z", false)]
    [InlineData("Asia/Kathmandu", "09:00-18:00", "2026-11-21T03:15:00Z", true)]
    [InlineData("Asia/Kathmandu", "09:00-18:00", "2026-11-21T03:14:59Z", false)]
    public void Goes_by_what_clocks_in_the_zone_show_when_they_are_changed(
        string zone, string hours, string at, bool holds) =>
        AssertHolds($$"""{"zone":"{{zone}}","hours":["{{hours}}"]}""", at, holds);

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28T23:00Z", 23)]
    [InlineData("Europe/Berlin", "2026-10-24T22:00Z", 25)]
    [InlineData("America/Sao_Paulo", "2018-11-04T03:00Z", 23)]
    [InlineData("America/Sao_Paulo", "2018-02-17T02:00Z", 25)]
    [InlineData("America/Sao_Paulo", "2026-11-21T03:00Z", 24)]
    public void A_day_has_as_many_hours_as_its_zone_gives_it(string zone, string start, int hours)
    {
        var first = DateTimeOffset.Parse(start, CultureInfo.InvariantCulture);
        var day = TimeZoneInfo.ConvertTime(first, TimeZoneInfo.FindSystemTimeZoneById(zone)).DayOfWeek;
        var binding = Binding($$"""{"zone":"{{zone}}","days":["{{day.ToString()[..3].ToLowerInvariant()}}"]}""");
        var held = Enumerable.Range(-48 * 60, 4 * 24 * 60)
            .Where(minute => Holds(binding, first.AddMinutes(minute))).ToList();
        Assert.Equal((0, hours * 60, (hours * 60) - 1), (held[0], held.Count, held[^1]));
    }

    [Theory]
    [InlineData("require", "X")]
    [InlineData("require", """{"not":X}""")]
    [InlineData("require", """{"any":[X,{"path":"args","op":"exists"}]}""")]
    [InlineData("deny_if", "X")]
    [InlineData("deny_if", """{"not":X}""")]
    [InlineData("approve_if", "X")]
    [InlineData("approve_if", """{"all":[{"path":"args.x","op":"exists"},X]}""")]
    public void Denies_when_no_clock_can_be_trusted(string list, string condition)
    {
        var written = condition.Replace("X", $$"""{"time":{{Office}}}""", StringComparison.Ordinal);
        var decision = Evaluate($$"""{"{{list}}":[{{written}}]}""", "{}");
        Assert.Equal((DecisionOutcome.Deny, $"/tools/t/{list}/0"), (decision.Outcome, decision.Rule));
        Assert.StartsWith("The time is not known for certain", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_refusal_states_when_the_agent_may_call()
    {
        var decision = Call(Binding(Office), "t", at: DateTimeOffset.UnixEpoch);
        Assert.Equal("Policy violation: The policy requires that it is mon-fri, 09:00-18:00 in America/Sao_Paulo. "
            + "Call again at another time.", decision.AgentText);
    }

    [Fact]
    public void Says_of_a_policy_whether_the_time_matters()
    {
        Assert.True(Binding(Office).ReadsTime);
        Assert.False(Bind(Document("\"tools\":{\"t\":{}}")).ReadsTime);
    }

    [Theory]
    [InlineData("1", 66, "", "\"time\" must be an object, not the number 1")]
    [InlineData("{}", 66, "", "\"zone\" is missing in \"time\"")]
    [InlineData("""{"zone":"UTC"}""", 66, "", "\"time\" without \"days\" and \"hours\" is always met")]
    [InlineData("""{"zone":3}""", 74, "/zone", "must be a string")]
    [InlineData("""{"zone":"Mars/Base"}""", 74, "/zone", "does not know the time zone \"Mars/Base\"")]
    [InlineData("""{"zone":"america/sao_paulo"}""", 74, "/zone", "does not know the time zone")]
    [InlineData("""{"zone":"../../etc/passwd"}""", 74, "/zone", "does not know the time zone")]
    [InlineData("""{"zone":"/usr/share/zoneinfo/UTC"}""", 74, "/zone", "does not know the time zone")]
    [InlineData("""{"zone":"right/UTC"}""", 74, "/zone", "does not know the time zone")]
    [InlineData("""{"zone":"zone.tab"}""", 74, "/zone", "does not know the time zone")]
    [InlineData("""{"zone":"America"}""", 74, "/zone", "does not know the time zone")]
    [InlineData("""{"zone":""}""", 74, "/zone", "does not know the time zone")]
    [InlineData("""{"zone":"-03:00"}""", 74, "/zone", "does not know the time zone")]
    [InlineData("""{"days":"mon"}""", 74, "/days", "must be an array")]
    [InlineData("""{"days":[]}""", 74, "/days", "\"days\" is empty")]
    [InlineData("""{"days":[1]}""", 75, "/days/0", "write days such as")]
    [InlineData("""{"days":["Mon"]}""", 75, "/days/0", "not \"Mon\"")]
    [InlineData("""{"days":["mon-"]}""", 75, "/days/0", "write days such as")]
    [InlineData("""{"days":["mon-tue-wed"]}""", 75, "/days/0", "write days such as")]
    [InlineData("""{"hours":["9:00-18:00"]}""", 76, "/hours/0", "write hours such as")]
    [InlineData("""{"hours":["09:00-09:00"]}""", 76, "/hours/0", "write hours such as")]
    [InlineData("""{"hours":["24:00-09:00"]}""", 76, "/hours/0", "write hours such as")]
    [InlineData("""{"hours":["09:00-24:01"]}""", 76, "/hours/0", "write hours such as")]
    [InlineData("""{"hours":["09:60-10:00"]}""", 76, "/hours/0", "write hours such as")]
    [InlineData("""{"hours":["09:00"]}""", 76, "/hours/0", "write hours such as")]
    [InlineData("""{"hours":["٠٩:00-10:00"]}""", 76, "/hours/0", "write hours such as")]
    [InlineData("""{"hour":["09:00-10:00"]}""", 67, "/hour", "did you mean \"hours\"?")]
    public void Refuses(string time, int column, string below, string message) => MemberTests.AssertOneOf(
        Document("\"tools\":{\"a\":{\"require\":[{\"time\":" + time + "}]}}"), 1, column,
        "/tools/a/require/0/time" + below, message);

    [Fact]
    public void Refuses_other_members_beside_it() => MemberTests.AssertOneOf(
        Document("\"tools\":{\"a\":{\"require\":[{\"time\":" + Office + ",\"op\":\"eq\"}]}}"), 1,
        58 + "{\"time\":".Length + Office.Length + 1, "/tools/a/require/0/op", "has no member \"op\"");

    private static void AssertHolds(string time, string at, bool holds) =>
        Assert.Equal(holds, Holds(Binding(time), DateTimeOffset.Parse(at, CultureInfo.InvariantCulture)));

    private static PolicyBinding Binding(string time) =>
        Bind(Document("\"tools\":{\"t\":{\"require\":[{\"time\":" + time + "}]}}"));

    private static bool Holds(PolicyBinding binding, DateTimeOffset at) =>
        Call(binding, "t", at: at).Outcome == DecisionOutcome.Allow;
}

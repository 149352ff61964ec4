using Gateway.Audit.Reporting;

namespace Gateway.Audit.Tests.Reporting;

public sealed class AuditReporterTests : IDisposable
{
    private const string Day = "2026-03-02T00:00:00.000Z";
    private static readonly DateTimeOffset From = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TestFolder _folder = new();
    private readonly List<string> _lines = [];

    [Fact]
    public void Sums_up_calls_refusals_limits_and_spend()
    {
        Decision("bot", "pay", cost: "2.50", used: "2.50");
        Outcome("counted");
        Decision("bot", "pay", cost: "4.00", used: "6.50");
        Outcome("refunded");
        Decision("bot", "pay", cost: "1.25", used: "3.75");
        Refusal("bot", "pay", "rate_limited", "/tools/pay/limits/0", isLimit: true);
        Refusal("other", "drop", "denied", "(no rule)");
        var folded = Call("folded", "other", null, "denied", "(no rule)");
        folded.Remove("tool");
        folded.Remove("policy");
        folded["decisions"] = 40;
        Add(folded);
        Add(Call("decision", "bot", null, "allowed", "(list)"));
        Add(new JsonObject { ["kind"] = "gap", ["time"] = Day, ["decisions"] = 3, ["outcomes"] = 1 });
        _lines.Add("half a li");

        var report = Read();

        Assert.Equal((45, 42, 3), (report.Calls, report.Refused, report.Missing));
        Assert.Equal(new Dictionary<string, long> { ["allowed"] = 3, ["rate_limited"] = 1, ["denied"] = 41 },
            report.Outcomes);
        Assert.Equal([new("other", 41, 41), new("bot", 4, 1)], report.Grants);
        Assert.Equal([new("crm/pay", 4, 1), new("crm/drop", 1, 1)], report.Tools);
        Assert.Equal(new ReportedLimit("bot", "crm", "money", 3, 3.75m, 1, 1), Assert.Single(report.Limits));
        Assert.Equal(41, report.Rules.Where(static rule => rule.Rule == "(no rule)").Sum(static rule => rule.Refused));
        Assert.Equal(["idle"], report.UnusedGrants);
        Assert.Equal([new("p", "/tools/never", 0)], report.UnusedRules);
    }

    [Theory]
    [InlineData("bot@crm/money/grant/fixed/3600s/0", "money")]
    [InlineData("crm/money/server/fixed/3600s/0", "money")]
    [InlineData("0a@bot@crm/money/session/fixed/3600s/0", "money")]
    [InlineData("crm/person~by~0011~2233/server/fixed/3600s/7", "person")]
    [InlineData("~budget~spend/spend/service/fixed/86400s/0", "spend")]
    public void A_counter_has_its_name_whatever_its_scope(string key, string name)
    {
        Decision("bot", "pay", cost: "2.50", used: "2.50", key: key);

        Assert.Equal(new ReportedLimit("bot", "crm", name, 1, 2.50m, 0, 0.25), Assert.Single(Read().Limits));
    }

    [Fact]
    public void Sums_up_what_grants_and_services_spent_of_a_budget()
    {
        const string key = "~budget~spend/spend/service/fixed/86400s/0";
        Decision("bot", "pay", cost: "2.50", used: "2.50", key: key);
        var charge = Charge("allowed");
        charge["counters"] = Counters(key, "4.00", "6.50");
        Add(charge);
        var repeated = Charge("allowed");
        repeated["repeated"] = true;
        Add(repeated);
        Add(Charge("returned", "1.50"));
        var refused = Charge("rate_limited");
        refused["limit"] = new JsonObject { ["counter"] = "spend", ["max"] = "10", ["used"] = "5.00" };
        Add(refused);

        var report = Read();

        Assert.Equal(
            [
                new ReportedLimit("bot", "crm", "spend", 1, 2.50m, 0, 0.25),
                new ReportedLimit("service:billing", "(budgets)", "spend", 1, 2.50m, 1, 1),
            ],
            report.Limits.OrderBy(static one => one.Grant, StringComparer.Ordinal));
        Assert.Equal(1, report.Calls);
    }

    [Fact]
    public void Groups_calls_by_caller_client_and_acting_party_and_those_of_erased_persons_together()
    {
        (string?, string?)[] callers = [("ana", "cli"), ("ana", null), (null, "cli"), (null, null)];
        foreach (var (caller, client) in callers)
        {
            var call = Call("decision", "bot", "pay", caller == "ana" ? "allowed" : "denied", "/tools/pay");
            call["callerIssuer"] = "corp";
            if (caller is not null)
                call["caller"] = caller;
            if (client is not null)
                (call["callerClient"], call["callerActor"]) = (client, "assistant");
            Add(call);
        }

        Decision("bot", "pay");

        var report = Read();

        Assert.Equal([new("corp/(erased)", 2, 2), new("corp/ana", 2, 0)], report.Callers);
        Assert.Equal([new("corp/cli", 2, 1)], report.Clients);
        Assert.Equal([new("corp/assistant", 2, 1)], report.Actors);
        var both = AuditReport.Merge([report, report], []);
        Assert.Equal([new("corp/assistant", 4, 2)], both.Actors);
        Assert.Equal([new("corp/(erased)", 4, 4), new("corp/ana", 4, 0)], both.Callers);
    }

    [Fact]
    public void Counts_what_is_in_the_time_only_and_says_how_far_back_the_record_goes()
    {
        Decision("bot", "pay", time: "2026-02-27T00:00:00.000Z");
        Decision("bot", "pay", time: "2026-03-01T00:00:00.000Z");
        Decision("bot", "pay", time: "2026-03-31T00:00:00.000Z");

        var report = Read();

        Assert.Equal(1, report.Calls);
        Assert.Equal(new DateTimeOffset(2026, 2, 27, 0, 0, 0, TimeSpan.Zero), report.Oldest);
    }

    [Fact]
    public void Frontends_together_have_used_what_one_of_them_used()
    {
        Decision("bot", "pay", cost: "2.50", used: "2.50");
        var one = Read();
        _lines.Clear();
        Decision("idle", "never");
        var other = Read();

        var both = AuditReport.Merge([one, other], [new("http://10.0.0.9:8081/", "refused")]);

        Assert.Equal((2, 0), (both.Calls, both.UnusedGrants.Count(static name => name is "bot" or "idle")));
        Assert.Equal(["other"], both.UnusedGrants);
        Assert.Empty(both.UnusedRules);
        Assert.Equal(2.50m, Assert.Single(both.Limits).Spent);
        Assert.Single(both.Away);
    }

    public void Dispose() => _folder.Dispose();

    private AuditReport Read()
    {
        File.WriteAllText(_folder.Path + "/audit-00000001.jsonl",
            string.Concat(_lines.Select(static line => line + "\n")));
        return AuditReporter.Read(_folder.Path, From, From.AddDays(30), ["bot", "idle", "other"],
            [("p", "/tools/pay"), ("p", "/tools/never")]);
    }

    private void Decision(
        string grant, string tool, string? cost = null, string? used = null, string time = Day,
        string? key = null)
    {
        var record = Call("decision", grant, tool, "allowed", $"/tools/{tool}");
        record["time"] = time;
        if (cost is not null)
            record["counters"] = Counters(key ?? $"{grant}@crm/money/grant/fixed/3600s/0", cost, used);
        Add(record);
    }

    private static JsonArray Counters(string key, string cost, string? used) => new(new JsonObject
    {
        ["key"] = key,
        ["cost"] = cost,
        ["max"] = "10",
        ["used"] = used,
    });

    private static JsonObject Charge(string outcome, string cost = "4.00") => new()
    {
        ["kind"] = "charge",
        ["time"] = Day,
        ["callId"] = "charge",
        ["by"] = "billing",
        ["id"] = "invoice-1",
        ["outcome"] = outcome,
        ["costs"] = new JsonArray(new JsonObject { ["budget"] = "spend", ["cost"] = cost }),
    };

    private void Outcome(string counted) => Add(new JsonObject
    {
        ["kind"] = "outcome",
        ["time"] = Day,
        ["callId"] = $"call{_lines.Count - 1}",
        ["counted"] = counted,
    });

    private void Refusal(string grant, string tool, string outcome, string rule, bool isLimit = false)
    {
        var record = Call("decision", grant, tool, outcome, rule);
        if (isLimit)
            record["limit"] = new JsonObject { ["counter"] = "money", ["max"] = "10", ["used"] = "10" };
        Add(record);
    }

    private JsonObject Call(string kind, string grant, string? tool, string outcome, string rule) => new()
    {
        ["kind"] = kind,
        ["time"] = Day,
        ["callId"] = $"call{_lines.Count}",
        ["grant"] = grant,
        ["server"] = "crm",
        ["tool"] = tool,
        ["policy"] = "p",
        ["outcome"] = outcome,
        ["rule"] = rule,
    };

    private void Add(JsonObject record) => _lines.Add(record.ToJsonString());
}

using Gateway.Limits.Model;
using Gateway.Policy.Budgets;
using Gateway.Policy.Lists;
using Gateway.Policy.Recording;
using Gateway.Policy.Tests.Rules;
using Gateway.Policy.Tools.Replay;
using Gateway.Policy.Tools.Testing;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Tools.Replay;

public class PolicyReplayTests
{
    private const long Start = 1_767_225_600_000; // 2026-01-01T00:00:00Z, the beginning of every window

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void An_edited_policy_decides_on_recorded_calls_as_it_would_have(int seed)
    {
        var random = new Random(seed);
        var (before, after) = (RandomPolicy(random), RandomPolicy(random));
        var calls = RandomCalls(random, 400);
        var expected = Decide(after, calls);
        var records = Record(before, calls);

        var answers = Replay(after, records, new RecordFacts(), calls);

        for (var i = 0; i < calls.Count; i++)
            Assert.Equal((i, Outcome(expected[i])), (i, answers[i]!.Value.Outcome));
        Assert.Contains(answers, static answer => answer!.Value.Word == ReplayWord.Changed);
        Assert.Contains(answers, static answer => answer!.Value.Word == ReplayWord.Same);
        Assert.DoesNotContain(answers, static answer => answer!.Value.Word == ReplayWord.Unknown);
    }

    [Fact]
    public void What_was_counted_before_the_record_begins_is_not_guessed()
    {
        var calls = Calls("t", 5);
        var records = Record(Limit(10), calls);
        var began = new RecordFacts(calls[0].AtMs);

        // The recorded counter says itself how much was counted; another one does not.
        Assert.All(Replay(Limit(3), records, began, calls)[..3], Is(ReplayWord.Same));
        Assert.All(Replay(Limit(3), records, began, calls)[3..], Is(ReplayWord.Changed));
        var other = Replay(Limit(3, "other"), records, began, calls);
        Assert.All(other[..3], Is(ReplayWord.Unknown));
        Assert.Contains("before the first recorded call", other[0]!.Value.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_others_charged_to_a_budget_is_not_guessed()
    {
        var budget = BudgetRuleTests.Read("b", """{ "window": "day", "max": 9, "grants": ["*"] }""");
        var lists = NamedLists.None with { Budgets = new Dictionary<string, Budget> { ["b"] = budget } };
        var policy = Policy("""{"budgets":["b"]}""");
        var calls = Calls("t", 3).ConvertAll(Sample);
        var key = budget.CounterOf(null);
        var counter = new RecordedCounter(
            key.Text, key.Window.StartMs(calls[0].TimeMs), Amount.One, Amount.FromUnits(7));
        var replay = new PolicyReplay(
            call => policy.Bind(call.Grant, "server", lists: lists), static _ => null, new RecordFacts());

        Assert.Equal(ReplayWord.Same, replay.Evaluate(calls[0] with { Counters = [counter] })!.Value.Word);
        Assert.Equal(ReplayWord.Unknown, replay.Evaluate(calls[1])!.Value.Word);
        var refused = replay.Evaluate(calls[2] with { Outcome = "rate_limited" })!.Value;
        Assert.Equal(ReplayWord.Unknown, refused.Word);
        Assert.Contains("other charges to the budget", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_was_not_recorded_differs_from_one_that_was_not_sent()
    {
        var calls = Calls("t", 2, """{"amount":5,"note":"n"}""");
        var records = Record(Limit(10), calls);
        var rule = Policy("""{"deny_if":[{"path":"args.amount","op":"gt","value":1}]}""");
        var absent = Policy("""{"require":[{"path":"args.missing","op":"exists"}]}""");

        Assert.All(Replay(rule, records, new RecordFacts()), Is(ReplayWord.Unknown));
        Assert.All(Replay(rule, records, new RecordFacts(), calls), Is(ReplayWord.Changed));
        Assert.All(Replay(absent, records, new RecordFacts()), Is(ReplayWord.Changed));
    }

    [Fact]
    public void An_undetermined_call_makes_later_ones_undetermined_only_when_it_matters()
    {
        List<SampleCall> calls = [.. Calls("asked", 1, """{"amount":5}"""), .. Calls("t", 4)];
        var records = Record(Policy("{}", "\"asked\":{},\"all\":{}"), calls);
        var edited = CompiledOf("""
            "all_tools": { "limits": [ { "counter": "c", "window": "hour", "max": 4 } ] },
            "tools": { "asked": { "deny_if": [ { "path": "args.amount", "op": "gt", "value": 1 } ] }, "t": {} }
            """);

        var answers = Replay(edited, records, new RecordFacts());

        Assert.Equal(
            [ReplayWord.Unknown, ReplayWord.Same, ReplayWord.Same, ReplayWord.Same, ReplayWord.Unknown],
            answers.Select(static answer => answer!.Value.Word));
    }

    [Theory]
    [InlineData("unavailable", "(engine unavailable)")]
    [InlineData("denied", "(engine unavailable)")]
    [InlineData("denied", "(audit unavailable)")]
    public void The_gateways_own_trouble_says_nothing_of_the_policy(string outcome, string rule)
    {
        var record = Sample(Calls("t", 1)[0]) with { Outcome = outcome, Rule = rule };
        Assert.Equal(ReplayWord.Unknown, Replay(Limit(10), [record], new RecordFacts())[0]!.Value.Word);
    }

    [Fact]
    public void A_person_who_approved_or_denied_a_call_would_do_so_again()
    {
        var asks = Policy("""{"action":"approve"}""");
        var call = Sample(Calls("t", 1)[0]);
        Assert.Equal("approval_required", Word(asks, call));
        Assert.Equal("allowed", Word(asks, call with { ApprovalId = "a" }));
        Assert.Equal("denied", Word(asks, call with { Outcome = "denied", ApprovalId = "a" }));
        Assert.Equal("approval_required", Word(asks, call with { Outcome = "denied", Rule = "/hide/0" }));
    }

    [Theory]
    [InlineData(0, ReplayWord.Unknown)]
    [InlineData(1000, ReplayWord.Unknown)]
    [InlineData(1001, ReplayWord.Changed)]
    public void Call_that_asked_as_others_took_the_last_unit_is_in_doubt_for_a_second(int afterMs, ReplayWord expected)
    {
        var policy = CompiledOf("""
            "all_tools": { "limits": [ { "counter": "c", "window": "hour", "max": 2 } ] },
            "tools": { "t": {}, "asked": { "action": "approve" } }
            """);
        var records = Record(policy, Calls("t", 2));
        var asked = Sample(new SampleCall(records[^1].TimeMs + afterMs, "asked", "g", "{}"));

        records.Add(asked with { Outcome = "approval_required", Rule = "/tools/asked/action" });

        Assert.Equal(
            [ReplayWord.Same, ReplayWord.Same, expected],
            Replay(policy, records, new RecordFacts()).Select(static answer => answer!.Value.Word));
    }

    [Fact]
    public void What_is_refunded_or_never_sent_is_counted_as_it_was()
    {
        var calls = Calls("t", 3);
        var once = Policy("""{"limits":[{"counter":"c","window":"hour","max":1,"refund_on_error":true}]}""");
        foreach (var (released, error, expected) in new[]
        {
            (true, false, "allowed"), (false, true, "allowed"), (false, false, "rate_limited"),
        })
        {
            var replay = NewReplay(once, new RecordFacts(), null);
            var records = calls.Select(Sample).ToList();
            Assert.Equal("allowed", replay.Evaluate(records[0])!.Value.Outcome);
            replay.End(new RecordedEnd(records[0].CallId, records[0].TimeMs + 1, released, error, WasRefunded: false));
            Assert.Equal(expected, replay.Evaluate(records[1])!.Value.Outcome);
        }
    }

    [Fact]
    public void Calls_under_another_policy_are_not_evaluated_but_count_for_the_whole_server()
    {
        var shared = CompiledOf("""
            "tools": { "t": { "limits": [ { "counter": "c", "window": "hour", "max": 2, "scope": "server" } ] } }
            """);
        var calls = Calls("t", 3);
        var records = Record(shared, calls);
        var replay = NewReplay(shared, new RecordFacts(), null, static call => call.Policy == "p");

        Assert.Null(replay.Evaluate(records[0] with { Policy = "other" }));
        Assert.Null(replay.Evaluate(records[1] with { Policy = "other" }));
        Assert.Equal("rate_limited", replay.Evaluate(records[2])!.Value.Outcome);
    }

    [Fact]
    public void Hostile_records_are_evaluated_without_an_exception()
    {
        var replay = NewReplay(Limit(2), new RecordFacts(), null);
        foreach (var record in new[]
        {
            new RecordedCall(), new RecordedCall { Grant = "g", Server = "s" },
            Sample(Calls("t", 1)[0]) with { Counters = [new("x", 0, default, default)] },
            Sample(Calls("t", 1)[0]) with { Counters = [new("//////", 0, Amount.Most, default)] },
            Sample(Calls("t", 1)[0]) with { Outcome = "rate_limited", Limit = new("", "", Amount.Most, long.MaxValue) },
            Sample(Calls("t", 1)[0]) with { TimeMs = 253_402_300_799_999 },
            Sample(Calls("t", 1)[0]) with { Name = null },
            Sample(Calls("t", 1)[0]) with { Name = new string('x', 100_000) },
        })
        {
            replay.Evaluate(record with { Grant = "g", Server = "s" });
            replay.End(new RecordedEnd("", long.MinValue, true, true, true));
        }
    }

    [Fact]
    public void An_unrecorded_caller_is_not_guessed_unless_the_replay_assumes_one()
    {
        var ofGroup = Policy("""{"require":[{"path":"caller.claims.groups","op":"has","value":"agents"}]}""");
        var perPerson = Policy("""{"limits":[{"counter":"c","window":"hour","max":1,"scope":"subject"}]}""");
        var bob = CallerOf("""{"issuer":"corp","subject":"bob"}""");
        var agent = CallerOf("""{"issuer":"corp","subject":"ana","claims":{"groups":["agents"]}}""");
        var calls = Calls("t", 3);
        List<RecordedCall> unnamed = [.. calls.Select(Sample)];
        List<RecordedCall> named = [.. unnamed.Select(one => one with { Caller = bob })];

        Assert.Equal("the caller is not recorded", Replay(ofGroup, unnamed, new())[0]!.Value.Reason);
        Assert.Equal("the caller is not recorded", Replay(perPerson, unnamed, new())[0]!.Value.Reason);
        Assert.Equal("the claims of the caller are not recorded", Replay(ofGroup, named, new())[0]!.Value.Reason);
        Assert.All(Replay(ofGroup, unnamed, new(Caller: agent)), Is(ReplayWord.Same));
        Assert.Equal(
            ["allowed", "rate_limited", "rate_limited"],
            Replay(perPerson, named, new()).Select(static one => one!.Value.Outcome));
    }

    private static Action<ReplayAnswer?> Is(ReplayWord word) => answer => Assert.Equal(word, answer!.Value.Word);

    private static string Word(CompiledPolicy policy, RecordedCall call) =>
        Replay(policy, [call], new RecordFacts())[0]!.Value.Outcome;

    private static CompiledPolicy Limit(int max, string counter = "c") =>
        Policy($$"""{"limits":[{"counter":"{{counter}}","window":"hour","max":{{max}}}]}""");

    private static CompiledPolicy Policy(string entry, string others = "\"other\":{}") =>
        CompiledOf($$"""  "tools":{"t":{{entry}},{{others}}}  """);

    private static CompiledPolicy CompiledOf(string members) => Load(Document(members)).Policy!;

    private static CompiledPolicy RandomPolicy(Random random) => CompiledOf($$"""
        "all_tools": { "limits": [ { "counter": "all", "window": "minute", "max": {{random.Next(20, 60)}} } ] },
        "tools": {
          "t": { "limits": [ { "counter": "c", "window": "{{random.Next(10, 40)}}s", "max": {{random.Next(2, 9)}} } ] },
          "slide": { "limits": [ { "counter": "s", "window": 20, "max": {{random.Next(2, 9)}}, "kind": "sliding" } ] },
          "bucket": { "limits": [ { "counter": "b", "window": 20, "max": {{random.Next(2, 9)}}, "kind": "bucket" } ] },
          "pay": { "limits": [ { "counter": "m", "window": "minute", "max": "{{random.Next(20, 90)}}.5", "increment_from": "args.amount" } ] },
          "send": { "limits": [ { "counter": "to", "window": 30, "max": {{random.Next(1, 4)}}, "keys_max": {{random.Next(50, 60)}}, "by": "args.to" } ] },
          "day": { "limits": [ { "counter": "d", "window": "day", "zone": "Asia/Kathmandu", "max": {{random.Next(10, 60)}} } ] },
          "guarded": { "deny_if": [ { "path": "args.amount", "op": "gt", "value": {{random.Next(1, 10)}} } ] }
        }
        """);

    private static List<SampleCall> RandomCalls(Random random, int count)
    {
        string[] tools = ["t", "slide", "bucket", "pay", "send", "day", "guarded", "unknown"];
        var atMs = Start;
        return [.. Enumerable.Range(0, count).Select(_ => new SampleCall(
            atMs += 1 + random.Next(900), tools[random.Next(tools.Length)], random.Next(2) == 0 ? "g" : "h",
            $$"""{"amount":{{random.Next(1, 12)}},"to":"{{(char)('a' + random.Next(6))}}"}"""))];
    }

    private static List<SampleCall> Calls(string tool, int count, string arguments = "{}") =>
        [.. Enumerable.Range(0, count).Select(i => new SampleCall(Start + 1000 + (i * 100), tool, "g", arguments))];

    private static List<CallDecision> Decide(CompiledPolicy policy, List<SampleCall> calls)
    {
        var sequence = new CallSequence(policy);
        return [.. calls.Select(call =>
            sequence.Call(call.Grant, call.AtMs, call.Tool, Encoding.UTF8.GetBytes(call.Arguments)))];
    }

    /// <summary>What a gateway would have recorded: outcomes, and of fixed windows the counters too.</summary>
    private static List<RecordedCall> Record(CompiledPolicy policy, List<SampleCall> calls)
    {
        var binding = new Dictionary<string, PolicyBinding>();
        var used = new Dictionary<(string, long), long>();
        var decided = Decide(policy, calls);
        return [.. calls.Select((call, i) =>
        {
            if (!binding.TryGetValue(call.Grant, out var bound))
                binding[call.Grant] = bound = policy.Bind(call.Grant, "server");
            var decision = Call(bound, call.Tool, call.Arguments);
            var isAllowed = decided[i].Word == "allow";
            var counters = new List<RecordedCounter>();
            foreach (var cost in decision.LimitCosts)
            {
                if (!isAllowed || cost.Value is not null || cost.Key.Kind.Name != "fixed")
                    continue;
                var window = cost.Key.Window.StartMs(call.AtMs);
                var id = (cost.Key.Text, window);
                used[id] = used.GetValueOrDefault(id) + (long)(cost.Cost.Nano / Amount.One.Nano);
                counters.Add(new RecordedCounter(cost.Key.Text, window, cost.Cost, Amount.FromUnits(used[id])));
            }

            return Sample(call) with
            {
                CallId = $"{i:x32}", Outcome = Outcome(decided[i]), Rule = decided[i].Rule, Counters = counters,
            };
        })];
    }

    private static RecordedCall Sample(SampleCall call) => new()
    {
        TimeMs = call.AtMs,
        CallId = $"{call.AtMs:x32}",
        Grant = call.Grant,
        Server = "server",
        Method = "tools/call",
        Subject = PolicySubject.Tool,
        Name = call.Tool,
        HasSession = true,
        Policy = "p",
        Outcome = "allowed",
        Rule = "/tools/t",
        ArgumentNames =
        [
            .. JsonDocument.Parse(call.Arguments).RootElement.EnumerateObject().Select(static one => one.Name),
        ],
    };

    private static string Outcome(CallDecision decision) => decision.Word switch
    {
        "allow" => "allowed",
        "deny" => "denied",
        "ask" => "approval_required",
        _ => "rate_limited",
    };

    private static List<ReplayAnswer?> Replay(
        CompiledPolicy policy, List<RecordedCall> records, RecordFacts facts, List<SampleCall>? values = null)
    {
        var replay = NewReplay(policy, facts, values);
        return [.. records.Select(replay.Evaluate)];
    }

    private static PolicyReplay NewReplay(
        CompiledPolicy policy, RecordFacts facts, List<SampleCall>? calls,
        Func<RecordedCall, bool>? applies = null)
    {
        var values = calls?.DistinctBy(static call => call.AtMs).ToDictionary(static call => call.AtMs);
        var bindings = new Dictionary<string, PolicyBinding>();
        var all = Bind(Document("\"record_arguments\":true")).Recording!;
        return new PolicyReplay(
            call => applies?.Invoke(call) == false ? null
                : bindings.TryGetValue(call.Grant, out var known) ? known
                : bindings[call.Grant] = policy.Bind(call.Grant, "server"),
            call => values?.TryGetValue(call.TimeMs, out var value) == true
                ? ReadKept(all.Keep(Encoding.UTF8.GetBytes(value.Arguments))!)
                : null,
            facts);
    }

    private static RecordedArguments? ReadKept(byte[] kept) =>
        RecordedArguments.Read(kept);

    private sealed record SampleCall(long AtMs, string Tool, string Grant, string Arguments);
}

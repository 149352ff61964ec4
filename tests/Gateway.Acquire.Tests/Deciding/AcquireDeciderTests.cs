using Gateway.Audit.Sinks;

namespace Gateway.Acquire.Tests.Deciding;

public sealed class AcquireDeciderTests
{
    private const string Mail = """{ "mail": { "window": "hour", "max": 10, "services": ["billing"] } }""";

    private const string Two = """
        {
          "mail": { "window": "hour", "max": 10, "services": ["*"] },
          "money": { "window": "day", "max": "2.50", "services": ["billing"] }
        }
        """;

    [Fact]
    public async Task Charges_until_the_window_is_full_and_says_how_it_stands()
    {
        await using var frontend = new Frontend(Frontend.Noon, Mail);

        var first = await frontend.MailAsync("a", "7");
        var refused = await frontend.MailAsync("b", "4");
        var last = await frontend.MailAsync("c", "3");

        Assert.Equal((true, false, 3m), (first.Allowed, first.Repeated, first.Costs[0].Remaining));
        Assert.Equal(DateTimeOffset.Parse("2026-03-01T13:00:00Z"), first.Costs[0].Reset);
        Assert.Equal((false, (int?)0, 3m), (refused.Allowed, refused.RefusedBy, refused.Costs[0].Remaining));
        Assert.Contains("mail has 3 of 10 left", refused.Reason);
        Assert.InRange(refused.RetryAfter!.Value, 3590m, 3592m);
        Assert.Equal((true, 0m), (last.Allowed, last.Costs[0].Remaining));
    }

    [Fact]
    public async Task Several_costs_are_charged_all_or_none()
    {
        await using var frontend = new Frontend(Frontend.Noon, Two);
        const string costs = """
            "costs": [ { "budget": "mail", "cost": 4 }, { "budget": "money", "cost": "1.250000001" } ]
            """;

        var first = await frontend.AskAsync($$"""{ "id": "1", {{costs}} }""");
        var second = await frontend.AskAsync($$"""{ "id": "2", {{costs}} }""");

        Assert.Equal([6m, 1.249999999m], first.Costs.Select(static cost => cost.Remaining));
        Assert.Equal((false, (int?)1), (second.Allowed, second.RefusedBy));
        Assert.Equal([6m, 1.249999999m], second.Costs.Select(static cost => cost.Remaining));
    }

    [Fact]
    public async Task An_id_is_charged_once_by_whichever_frontend_and_after_a_restart()
    {
        var (time, store) = (Frontend.Noon, new SharedStore());
        await using (var frontend = new Frontend(time, Mail, store))
        {
            Assert.True((await frontend.MailAsync("order-1", "9")).Allowed);
            var again = await frontend.MailAsync("order-1", "9");
            Assert.Equal((true, true, 1m), (again.Allowed, again.Repeated, again.Costs[0].Remaining));
        }

        await using var other = new Frontend(time, Mail, store);
        var elsewhere = await other.MailAsync("order-1", "9");
        var rest = await other.MailAsync("order-2");

        Assert.Equal((true, true, 1m), (elsewhere.Allowed, elsewhere.Repeated, elsewhere.Costs[0].Remaining));
        Assert.Equal((true, false, 0m), (rest.Allowed, rest.Repeated, rest.Costs[0].Remaining));
    }

    [Fact]
    public async Task An_id_is_known_for_its_hour_whenever_it_began_and_new_after_it()
    {
        var time = new ManualTime("2026-03-01T12:59:50Z");
        await using var frontend = new Frontend(time, Mail);
        await frontend.MailAsync("a", "10");

        time.Advance(TimeSpan.FromMinutes(59).TotalMilliseconds);
        Assert.True((await frontend.MailAsync("a", "10")).Repeated);

        time.Advance(TimeSpan.FromMinutes(2).TotalMilliseconds);
        var again = await frontend.MailAsync("a", "10");
        Assert.Equal((true, false), (again.Allowed, again.Repeated));
    }

    [Fact]
    public async Task An_id_is_not_charged_for_other_costs()
    {
        var store = new SharedStore();
        await using var frontend = new Frontend(Frontend.Noon, Mail, store);
        await using var other = new Frontend(Frontend.Noon, Mail, store);
        await frontend.MailAsync("a", "2");

        foreach (var cost in (string[])["3", "1", "10", "11"])
        {
            var json = $$"""{ "id": "a", "costs": [ { "budget": "mail", "cost": {{cost}} } ] }""";
            Assert.Equal(409, (await frontend.DecideAsync(json)).Problem?.Status);
            Assert.Equal(409, (await other.DecideAsync(json)).Problem?.Status);
        }

        Assert.True((await frontend.MailAsync("b")).Allowed);
    }

    [Fact]
    public async Task The_same_id_of_another_service_is_another_call()
    {
        await using var frontend = new Frontend(Frontend.Noon, Two);
        const string json = """{ "id": "a", "costs": [ { "budget": "mail" } ] }""";

        var first = await frontend.AskAsync(json, "billing");
        var second = await frontend.AskAsync(json, "shipping");

        Assert.Equal((9m, 8m, false), (first.Costs[0].Remaining, second.Costs[0].Remaining, second.Repeated));
    }

    [Fact]
    public async Task A_refused_request_is_decided_again()
    {
        var time = Frontend.Noon;
        await using var frontend = new Frontend(time, Mail);
        await frontend.MailAsync("a", "10");
        Assert.False((await frontend.MailAsync("b")).Allowed);

        time.Advance(TimeSpan.FromHours(1).TotalMilliseconds);

        var later = await frontend.MailAsync("b");
        Assert.Equal((true, false), (later.Allowed, later.Repeated));
    }

    [Fact]
    public async Task Many_at_once_with_repeats_are_charged_what_there_is_and_each_id_once()
    {
        var store = new SharedStore();
        await using var one = new Frontend(Frontend.Noon, Mail, store);
        await using var two = new Frontend(Frontend.Noon, Mail, store);

        var answers = await Task.WhenAll(Enumerable.Range(0, 120).Select(
            async n => (Id: n % 30, Answer: await (n % 2 == 0 ? one : two).MailAsync($"call-{n % 30}"))));

        var allowed = answers.Where(static one => one.Answer.Allowed).ToList();
        var ids = allowed.Select(static one => one.Id).Distinct().Count();
        // Both may hold numbers for a moment that the other could have used; then less is admitted, never more.
        Assert.InRange(ids, 1, 10);
        Assert.Equal(ids, allowed.Count(static one => !one.Answer.Repeated));
    }

    [Fact]
    public async Task A_dry_run_charges_nothing()
    {
        await using var frontend = new Frontend(Frontend.Noon, Mail);
        const string json = """{ "id": "a", "dry_run": true, "costs": [ { "budget": "mail", "cost": 10 } ] }""";

        Assert.True((await frontend.AskAsync(json)).Allowed);
        Assert.True((await frontend.AskAsync(json)).Allowed);
        await frontend.MailAsync("b");

        Assert.False((await frontend.AskAsync(json)).Allowed);
    }

    [Fact]
    public async Task A_keyed_budget_counts_each_key_apart()
    {
        await using var frontend = new Frontend(
            Frontend.Noon, """{ "sms": { "window": 60, "max": 1, "keyed": true, "services": ["*"] } }""");
        static string Of(string id, string key) =>
            $$"""{ "id": "{{id}}", "costs": [ { "budget": "sms", "key": "{{key}}" } ] }""";

        Assert.True((await frontend.AskAsync(Of("1", "anna"))).Allowed);
        Assert.False((await frontend.AskAsync(Of("2", "anna"))).Allowed);
        Assert.True((await frontend.AskAsync(Of("3", "berta"))).Allowed);
    }

    [Fact]
    public async Task A_cost_above_the_maximum_says_that_no_wait_helps()
    {
        await using var frontend = new Frontend(Frontend.Noon, Mail);

        var answer = await frontend.MailAsync("a", "11");

        Assert.False(answer.Allowed);
        Assert.Null(answer.RetryAfter);
    }

    [Theory]
    [InlineData("""{ "id": "", "costs": [ { "budget": "mail" } ] }""", 422, "1 to 128 characters")]
    [InlineData("""{ "id": "a", "costs": [] }""", 422, "write 1 to 16")]
    [InlineData("""{ "id": "a", "costs": [ null ] }""", 422, "costs[0] is null")]
    [InlineData("""{ "id": "a", "costs": [ { "budget": "letters" } ] }""", 403, "costs[0]: billing may not charge a budget")]
    [InlineData("""{ "id": "a", "costs": [ { "budget": "mail", "cost": 0 } ] }""", 422, "above 0")]
    [InlineData("""{ "id": "a", "costs": [ { "budget": "mail", "cost": -1 } ] }""", 422, "above 0")]
    [InlineData("""{ "id": "a", "costs": [ { "budget": "mail", "cost": "12 EUR" } ] }""", 422, "above 0")]
    [InlineData("""{ "id": "a", "costs": [ { "budget": "mail", "cost": 0.0000000001 } ] }""", 422, "above 0")]
    [InlineData("""{ "id": "a", "costs": [ { "budget": "mail", "cost": true } ] }""", 422, "above 0")]
    [InlineData("""{ "id": "a", "costs": [ { "budget": "mail", "key": "x" } ] }""", 422, "is not \"keyed\"")]
    public async Task Says_what_is_wrong(string json, int status, string words)
    {
        await using var frontend = new Frontend(Frontend.Noon, Mail);

        var (_, problem) = await frontend.DecideAsync(json);

        Assert.Equal(status, problem?.Status);
        Assert.Contains(words, problem!.Detail);
    }

    [Fact]
    public async Task Denies_when_a_service_has_no_leave()
    {
        await using var frontend = new Frontend(Frontend.Noon, Mail);

        var (_, problem) = await frontend.DecideAsync(
            """{ "id": "a", "costs": [ { "budget": "mail" } ] }""", "shipping");

        Assert.Equal(403, problem?.Status);
    }

    [Fact]
    public async Task A_charge_that_cannot_be_recorded_is_refused_and_what_it_took_stays_charged()
    {
        var sink = new FailingSink { Fails = true };
        await using var frontend = new Frontend(Frontend.Noon, Mail, sinks: sink);
        const string four = """{ "id": "a", "costs": [ { "budget": "mail", "cost": 4 } ] }""";

        var first = await frontend.DecideAsync(four);
        var second = await frontend.DecideAsync(four);
        sink.Fails = false;
        var later = await frontend.DecideAsync(four);
        await Soon.UntilAsync(
            async () => (later = await frontend.DecideAsync(four)).Answer is not null, "it is recorded");

        Assert.Equal((503, 503), (first.Problem?.Status, second.Problem?.Status));
        Assert.Contains("The audit log cannot be written", first.Problem!.Detail, StringComparison.Ordinal);
        // The first attempt's 4 are lost: its mark could be seen. Further attempts take nothing.
        Assert.Equal((true, false, 2m),
            (later.Answer!.Allowed, later.Answer.Repeated, later.Answer.Costs[0].Remaining));
    }

    private sealed class FailingSink : IAuditSink
    {
        private volatile bool _fails;

        public bool Fails
        {
            get => _fails;
            set => _fails = value;
        }

        public bool HasRoom(int bytes) => true;

        public bool Append(ReadOnlySpan<byte> lines, long first) =>
            Fails ? throw new IOException("No space left on device") : true;

        public void Probe(int bytes)
        {
            if (Fails)
                throw new IOException("No space left on device");
        }
    }
}

using Code = Gateway.EnvoyRls.Protocol.RateLimitResponse.Types.Code;

namespace Gateway.EnvoyRls.Tests.Deciding;

public sealed class RlsDeciderTests
{
    private const string TwoLimits = """
        domain: shop
        descriptors:
          - key: user
            rate_limit: { unit: minute, requests_per_unit: 5, name: user }
          - key: path
            rate_limit: { unit: hour, requests_per_unit: 3 }
        """;

    private static readonly RateLimitRequest Both = Ask.Of("shop", Ask.By("user=a"), Ask.By("path=/x"));

    [Fact]
    public async Task Charges_every_descriptor_or_none()
    {
        await using var frontend = new Frontend(Frontend.Noon, TwoLimits);

        Assert.Equal("ok ok ok over over over", await frontend.AskAsync(6, Both));

        // What refused is over; the other was charged by the three that passed, and by nothing else.
        var refused = await frontend.AnswerAsync(Both);
        Assert.Equal([Code.Ok, Code.OverLimit], refused.Statuses.Select(static one => one.Code));
        Assert.Equal([2u, 0u], refused.Statuses.Select(static one => one.LimitRemaining));
        Assert.Equal("ok ok over", await frontend.AskAsync(3, Ask.Of("shop", Ask.By("user=a"))));
    }

    [Fact]
    public async Task Says_limit_room_and_reset_of_each_descriptor()
    {
        await using var frontend = new Frontend(Frontend.Noon, TwoLimits);

        var answer = await frontend.AnswerAsync(Both);

        var (user, path) = (answer.Statuses[0], answer.Statuses[1]);
        Assert.Equal((5u, "user", 4u, 50L),
            (user.CurrentLimit.RequestsPerUnit, user.CurrentLimit.Name, user.LimitRemaining,
                user.DurationUntilReset.Seconds));
        Assert.Equal(RateLimitResponse.Types.RateLimit.Types.Unit.Minute, user.CurrentLimit.Unit);
        Assert.Equal((3u, 2u, 3590L),
            (path.CurrentLimit.RequestsPerUnit, path.LimitRemaining, path.DurationUntilReset.Seconds));
    }

    [Fact]
    public async Task Starts_again_with_the_next_window()
    {
        await using var frontend = new Frontend(Frontend.Noon, TwoLimits);
        var request = Ask.Of("shop", Ask.By("user=a"));
        Assert.Equal("ok ok ok ok ok over", await frontend.AskAsync(6, request));

        frontend.Time.Advance(50_000);

        Assert.Equal("ok ok ok ok ok over", await frontend.AskAsync(6, request));
    }

    [Fact]
    public async Task Two_frontends_over_one_store_admit_no_more_than_one_would()
    {
        var (time, store) = (Frontend.Noon, new SharedStore());
        await using var one = new Frontend(time, TwoLimits, store);
        await using var two = new Frontend(time, TwoLimits, store);
        var request = Ask.Of("shop", Ask.By("user=a"));
        var admitted = 0;

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
        {
            var answer = await (i % 2 == 0 ? one : two).AnswerAsync(request);
            if (answer.OverallCode == Code.Ok)
                Interlocked.Increment(ref admitted);
        })));

        Assert.Equal(5, admitted);
    }

    [Fact]
    public async Task Counts_the_hits_of_the_request_or_of_the_descriptor()
    {
        await using var frontend = new Frontend(Frontend.Noon, TwoLimits);
        var request = Ask.Of("shop", Ask.By("user=a"), Ask.By("path=/x", hits: 1));
        request.HitsAddend = 3;

        Assert.Equal("ok over", await frontend.AskAsync(2, request));

        var seen = await frontend.AnswerAsync(Ask.Of("shop", Ask.By("user=a", hits: 0), Ask.By("path=/x", hits: 0)));
        Assert.Equal([2u, 2u], seen.Statuses.Select(static one => one.LimitRemaining));
    }

    [Fact]
    public async Task Zero_hits_only_ask_whether_one_would_pass()
    {
        await using var frontend = new Frontend(Frontend.Noon, TwoLimits);
        var probe = Ask.Of("shop", Ask.By("user=a", hits: 0));

        Assert.Equal("ok ok ok ok ok ok ok", await frontend.AskAsync(7, probe));
        Assert.Equal("ok ok ok ok ok over", await frontend.AskAsync(6, Ask.Of("shop", Ask.By("user=a"))));
        Assert.Equal("over", await frontend.AskAsync(1, probe));
    }

    [Theory]
    [InlineData(6UL)]
    [InlineData(1UL << 40)]
    [InlineData(ulong.MaxValue)]
    public async Task More_hits_than_a_window_holds_are_over_and_charge_nothing(ulong hits)
    {
        await using var frontend = new Frontend(Frontend.Noon, TwoLimits);

        var refused = await frontend.AnswerAsync(Ask.Of("shop", Ask.By("user=a", hits), Ask.By("path=/x")));

        Assert.Equal(Code.OverLimit, refused.OverallCode);
        Assert.Equal(50, refused.Statuses[0].DurationUntilReset.Seconds);
        Assert.Equal("ok ok ok over", await frontend.AskAsync(4, Both));
    }

    [Fact]
    public async Task What_no_rule_names_is_not_limited()
    {
        await using var frontend = new Frontend(Frontend.Noon, TwoLimits);

        foreach (var request in (RateLimitRequest[])
            [Ask.Of("nobody", Ask.By("user=a")), Ask.Of("shop", Ask.By("color=red"), Ask.By("user=a, path=/x"))])
        {
            var answer = await frontend.AnswerAsync(request);
            Assert.Equal(Code.Ok, answer.OverallCode);
            Assert.All(answer.Statuses, static one => Assert.Equal((Code.Ok, null), (one.Code, one.CurrentLimit)));
        }
    }

    [Fact]
    public async Task Refuses_what_is_no_request_as_the_reference_server_does()
    {
        await using var frontend = new Frontend(Frontend.Noon, TwoLimits);
        var noUnit = Ask.By("user=a");
        noUnit.Limit = new() { RequestsPerUnit = 3 };
        var week = Ask.By("user=a");
        week.Limit = new() { RequestsPerUnit = 3, Unit = 7 };
        var deep = Ask.By(string.Join(',', Enumerable.Repeat("user=a", 33)));

        Assert.Equal("rate limit domain must not be empty", await ProblemAsync(Ask.Of("", Ask.By("user=a"))));
        Assert.Equal("rate limit descriptor list must not be empty", await ProblemAsync(Ask.Of("shop")));
        Assert.Equal("descriptor 0 has a limit without a unit", await ProblemAsync(Ask.Of("shop", noUnit)));
        Assert.Equal("descriptor 0 has a limit without a unit", await ProblemAsync(Ask.Of("shop", week)));
        Assert.Equal("a descriptor has 33 entries; at most 32 are accepted", await ProblemAsync(Ask.Of("shop", deep)));
        Assert.Equal("the request has 101 descriptors; at most 100 are accepted",
            await ProblemAsync(Ask.Of("shop", [.. Enumerable.Repeat(Ask.By("user=a"), 101)])));

        async Task<string> ProblemAsync(RateLimitRequest request)
        {
            var problem = (await frontend.DecideAsync(request)).Problem!;
            Assert.Equal(GrpcStatus.InvalidArgument, problem.Status);
            return problem.Message;
        }
    }

    [Fact]
    public async Task A_limit_of_the_request_goes_before_the_rules()
    {
        await using var frontend = new Frontend(Frontend.Noon, TwoLimits);
        var own = Ask.By("user=a");
        own.Limit = new() { RequestsPerUnit = 2, Unit = 2 };

        Assert.Equal("ok ok over", await frontend.AskAsync(3, Ask.Of("shop", own)));
        Assert.Equal("ok ok ok over", await frontend.AskAsync(4, Ask.Of("shop", Ask.By("user=a"))));
    }

    [Fact]
    public async Task A_changed_limit_goes_on_with_what_was_counted()
    {
        await using var frontend = new Frontend(Frontend.Noon, TwoLimits);
        var request = Ask.Of("shop", Ask.By("user=a"));
        Assert.Equal("ok ok ok", await frontend.AskAsync(3, request));

        frontend.Rules = RuleText.Rules(TwoLimits.Replace("requests_per_unit: 5", "requests_per_unit: 4"));

        Assert.Equal("ok over", await frontend.AskAsync(2, request));
    }

    [Fact]
    public async Task Denies_when_there_are_as_many_counters_as_may_be()
    {
        await using var frontend = new Frontend(Frontend.Noon, TwoLimits, countersMax: 400);
        var statuses = new List<GrpcStatus>();

        for (var i = 0; i < 150; i++)
        {
            var result = await frontend.DecideAsync(Ask.Of("shop", Ask.By($"user={i}")));
            statuses.Add(result.Problem?.Status ?? GrpcStatus.Ok);
        }

        // A domain has a quarter of the room, so a flood of values leaves agents the rest.
        Assert.All(statuses[..100], static status => Assert.Equal(GrpcStatus.Ok, status));
        Assert.All(statuses[100..], static status => Assert.Equal(GrpcStatus.ResourceExhausted, status));
        Assert.Equal("ok", await frontend.AskAsync(1, Ask.Of("shop", Ask.By("user=7"))));
    }

    [Fact]
    public async Task Headers_and_metadata_are_of_the_rule_that_decides()
    {
        var settings = Frontend.Settings with { Headers = RlsHeaders.XRateLimit, HasMetadata = true };
        const string Rules = TwoLimits + "\n    metadata: { team: { name: search, size: 3 } }";
        await using var frontend = new Frontend(Frontend.Noon, Rules, settings: settings);

        var answer = await frontend.AnswerAsync(Both);

        Assert.Equal(["X-RateLimit-Limit: 3", "X-RateLimit-Remaining: 2", "X-RateLimit-Reset: 3590"],
            answer.ResponseHeadersToAdd.Select(static field => $"{field.Key}: {field.Value}"));
        Assert.Equal(
            """{ "domain": "shop", "descriptors": [ { "entries": [ "user=a" ] }, { "entries": [ "path=/x" ] } ],"""
            + """ "metadata": { "team": { "name": "search", "size": 3 } } }""",
            answer.DynamicMetadata.ToString());
    }
}

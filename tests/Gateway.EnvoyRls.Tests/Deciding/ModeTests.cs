using Code = Gateway.EnvoyRls.Protocol.RateLimitResponse.Types.Code;

namespace Gateway.EnvoyRls.Tests.Deciding;

/// <summary>Rules that refuse otherwise than by themselves.</summary>
public sealed class ModeTests
{
    private const string Rules = """
        domain: shop
        descriptors:
          - key: user
            rate_limit: { unit: minute, requests_per_unit: 3 }
          - key: tried
            shadow_mode: true
            rate_limit: { unit: minute, requests_per_unit: 1 }
          - key: small
            quota_mode: true
            rate_limit: { unit: minute, requests_per_unit: 1 }
          - key: large
            quota_mode: true
            rate_limit: { unit: minute, requests_per_unit: 2 }
          - key: tokens
            allow_negative_hits: true
            rate_limit: { unit: minute, requests_per_unit: 10 }
        """;

    [Fact]
    public async Task Shadow_refuses_nothing_and_says_what_is_left()
    {
        await using var frontend = new Frontend(Frontend.Noon, Rules);
        var request = Ask.Of("shop", Ask.By("tried=a"), Ask.By("user=a"));

        Assert.Equal("ok ok ok over", await frontend.AskAsync(4, request));

        var status = (await frontend.AnswerAsync(Ask.Of("shop", Ask.By("tried=a")))).Statuses[0];
        Assert.Equal((Code.Ok, 0u), (status.Code, status.LimitRemaining));
    }

    [Fact]
    public async Task Quotas_refuse_only_all_together_and_give_the_rest_back_then()
    {
        await using var frontend = new Frontend(Frontend.Noon, Rules);
        var request = Ask.Of("shop", Ask.By("small=a"), Ask.By("large=a"), Ask.By("user=a"));

        Assert.Equal("ok ok over over", await frontend.AskAsync(4, request));

        var refused = await frontend.AnswerAsync(request);
        Assert.Equal([Code.OverLimit, Code.OverLimit, Code.Ok], refused.Statuses.Select(static one => one.Code));
        Assert.Equal("ok over", await frontend.AskAsync(2, Ask.Of("shop", Ask.By("user=a"))));
    }

    [Fact]
    public async Task What_a_limit_refuses_takes_nothing_from_quotas_and_shadows()
    {
        await using var frontend = new Frontend(Frontend.Noon, Rules);
        var refused = Ask.Of("shop", Ask.By("user=a", hits: 4), Ask.By("large=a"), Ask.By("tried=a"));

        Assert.Equal("over", await frontend.AskAsync(1, refused));

        var seen = await frontend.AnswerAsync(Ask.Of("shop", Ask.By("large=a", hits: 0), Ask.By("tried=a", hits: 0)));
        Assert.Equal([2u, 1u], seen.Statuses.Select(static one => one.LimitRemaining));
    }

    [Fact]
    public async Task Hits_come_back_where_the_rule_says_so_and_no_more_than_were_charged()
    {
        await using var frontend = new Frontend(Frontend.Noon, Rules);
        var back = Ask.Of("shop", Ask.By("tokens=a", hits: 4, isNegative: true));

        Assert.Equal(10u, await LeftAsync(back));
        Assert.Equal(4u, await LeftAsync(Ask.Of("shop", Ask.By("tokens=a", hits: 6))));
        Assert.Equal(8u, await LeftAsync(back));
        // Two of the six are left there, and stay charged: a charge gives back once.
        Assert.Equal(8u, await LeftAsync(back));
        Assert.Equal(3u, await LeftAsync(Ask.Of("shop", Ask.By("tokens=a", hits: 5))));
        Assert.Equal(8u, await LeftAsync(Ask.Of("shop", Ask.By("tokens=a", hits: ulong.MaxValue, isNegative: true))));
        Assert.Equal("over", await frontend.AskAsync(1, Ask.Of("shop", Ask.By("tokens=a", hits: 9))));

        async Task<uint> LeftAsync(RateLimitRequest request)
        {
            var answer = await frontend.AnswerAsync(request);
            Assert.Equal(Code.Ok, answer.OverallCode);
            return answer.Statuses[0].LimitRemaining;
        }
    }

    [Fact]
    public async Task Hits_come_back_only_to_their_own_descriptor_and_window_and_where_they_were_charged()
    {
        var (time, store) = (Frontend.Noon, new SharedStore());
        await using var one = new Frontend(time, Rules, store);
        await using var two = new Frontend(time, Rules, store);
        Assert.Equal("ok", await one.AskAsync(1, Ask.Of("shop", Ask.By("tokens=a", hits: 10), Ask.By("user=a"))));

        await one.AskAsync(1, Ask.Of("shop", Ask.By("tokens=b", hits: 10, isNegative: true)));
        await two.AskAsync(1, Ask.Of("shop", Ask.By("tokens=a", hits: 10, isNegative: true)));
        Assert.Equal("over", await one.AskAsync(1, Ask.Of("shop", Ask.By("tokens=a"))));

        await one.AskAsync(1, Ask.Of("shop", Ask.By("tokens=a", hits: 10, isNegative: true)));
        Assert.Equal("ok", await two.AskAsync(1, Ask.Of("shop", Ask.By("tokens=a", hits: 10))));

        time.Advance(60_000);
        await two.AskAsync(1, Ask.Of("shop", Ask.By("tokens=a", hits: 10, isNegative: true)));
        Assert.Equal("ok over", await two.AskAsync(2, Ask.Of("shop", Ask.By("tokens=a", hits: 10))));
    }

    [Fact]
    public async Task Refuses_negative_hits_where_no_rule_allows_them()
    {
        await using var frontend = new Frontend(Frontend.Noon, Rules);
        await frontend.AskAsync(3, Ask.Of("shop", Ask.By("user=a")));

        var result = await frontend.DecideAsync(Ask.Of("shop", Ask.By("user=a", hits: 1, isNegative: true)));

        Assert.Equal(GrpcStatus.InvalidArgument, result.Problem?.Status);
        Assert.Equal("over", await frontend.AskAsync(1, Ask.Of("shop", Ask.By("user=a"))));
    }

    [Fact]
    public async Task Nothing_comes_back_by_a_request_that_is_refused()
    {
        await using var frontend = new Frontend(Frontend.Noon, Rules);
        await frontend.AskAsync(1, Ask.Of("shop", Ask.By("tokens=a", hits: 10)));

        Assert.Equal("over", await frontend.AskAsync(
            1, Ask.Of("shop", Ask.By("tokens=a", hits: 10, isNegative: true), Ask.By("user=a", hits: 9))));

        Assert.Equal("over", await frontend.AskAsync(1, Ask.Of("shop", Ask.By("tokens=a"))));
    }

    [Fact]
    public async Task Keeps_no_more_charges_for_returns_than_it_may()
    {
        var settings = Frontend.Settings with { Options = new() { RefundableMax = 2 } };
        await using var frontend = new Frontend(Frontend.Noon, Rules, settings: settings);
        await frontend.AskAsync(5, Ask.Of("shop", Ask.By("tokens=a", hits: 1)));

        var answer = await frontend.AnswerAsync(Ask.Of("shop", Ask.By("tokens=a", hits: 5, isNegative: true)));

        Assert.Equal(7u, answer.Statuses[0].LimitRemaining);
    }
}

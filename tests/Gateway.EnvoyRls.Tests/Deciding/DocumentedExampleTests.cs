using Code = Gateway.EnvoyRls.Protocol.RateLimitResponse.Types.Code;

namespace Gateway.EnvoyRls.Tests.Deciding;

/// <summary>What the reference server's documentation says of its examples, one by one, in rules of ours.</summary>
public sealed class DocumentedExampleTests
{
    [Fact]
    public async Task One_Values_of_a_key_have_limits_of_their_own()
    {
        await using var frontend = new Frontend(Frontend.Noon, """
            domain: mongo_cps
            descriptors:
              - { key: database, value: users, rate_limit: { unit: second, requests_per_unit: 2 } }
              - { key: database, value: default, rate_limit: { unit: second, requests_per_unit: 3 } }
            """);

        Assert.Equal("ok ok over", await frontend.AskAsync(3, Ask.Of("mongo_cps", Ask.By("database=users"))));
        Assert.Equal("ok ok ok over", await frontend.AskAsync(4, Ask.Of("mongo_cps", Ask.By("database=default"))));
        Assert.Equal("ok ok ok ok", await frontend.AskAsync(4, Ask.Of("mongo_cps", Ask.By("database=other"))));
    }

    [Fact]
    public async Task Two_Each_number_has_its_limit_and_one_for_marketing()
    {
        await using var frontend = new Frontend(Frontend.Noon, """
            domain: messaging
            descriptors:
              - key: message_type
                value: marketing
                descriptors:
                  - key: to_number
                    rate_limit: { unit: day, requests_per_unit: 2 }
              - key: to_number
                rate_limit: { unit: day, requests_per_unit: 3 }
            """);
        static RateLimitRequest To(string number) => Ask.Of(
            "messaging", Ask.By($"message_type=marketing, to_number={number}"), Ask.By($"to_number={number}"));

        Assert.Equal("ok ok over", await frontend.AskAsync(3, To("2061111111")));
        Assert.Equal("ok ok over", await frontend.AskAsync(3, To("2062222222")));
        Assert.Equal("ok over", await frontend.AskAsync(2, Ask.Of("messaging", Ask.By("to_number=2061111111"))));
    }

    [Fact]
    public async Task Three_A_value_goes_before_its_key_alone()
    {
        await using var frontend = new Frontend(Frontend.Noon, """
            domain: edge_proxy_per_ip
            descriptors:
              - key: remote_address
                rate_limit: { unit: second, requests_per_unit: 2 }
              - key: remote_address
                value: 50.0.0.5
                rate_limit: { unit: second, requests_per_unit: 0 }
            """);

        Assert.Equal(
            "ok ok over", await frontend.AskAsync(3, Ask.Of("edge_proxy_per_ip", Ask.By("remote_address=50.0.0.1"))));
        Assert.Equal(
            "over", await frontend.AskAsync(1, Ask.Of("edge_proxy_per_ip", Ask.By("remote_address=50.0.0.5"))));
    }

    [Fact]
    public async Task Four_Levels_have_to_be_equal()
    {
        await using var flat = new Frontend(Frontend.Noon, """
            domain: example4
            descriptors:
              - { key: key, value: value, rate_limit: { unit: second, requests_per_unit: 0 } }
            """);
        await using var nested = new Frontend(Frontend.Noon, """
            domain: example4
            descriptors:
              - key: key
                value: value
                descriptors:
                  - { key: subkey, rate_limit: { unit: second, requests_per_unit: 0 } }
            """);
        var request = Ask.Of("example4", Ask.By("key=value, subkey=subvalue"));

        Assert.Equal("ok", await flat.AskAsync(1, request));
        Assert.Equal("over", await nested.AskAsync(1, request));
    }

    [Fact]
    public async Task Five_Unlimited_has_all_the_room_there_is()
    {
        await using var frontend = new Frontend(Frontend.Noon, """
            domain: internal
            descriptors:
              - key: ldap
                rate_limit: { unlimited: true }
              - key: azure
                rate_limit: { unit: minute, requests_per_unit: 1 }
            """);

        var answer = await frontend.AnswerAsync(Ask.Of("internal", Ask.By("ldap=x")));

        var status = Assert.Single(answer.Statuses);
        Assert.Equal((Code.Ok, uint.MaxValue, null), (status.Code, status.LimitRemaining, status.CurrentLimit));
        Assert.Equal("ok over", await frontend.AskAsync(2, Ask.Of("internal", Ask.By("azure=x"))));
    }

    [Fact]
    public async Task Six_Shadow_mode_is_of_one_descriptor()
    {
        await using var frontend = new Frontend(Frontend.Noon, """
            domain: example6
            descriptors:
              - key: service
                descriptors:
                  - { key: user, value: user-a, shadow_mode: true, rate_limit: { unit: second, requests_per_unit: 1 } }
                  - { key: user, value: user-b, rate_limit: { unit: second, requests_per_unit: 2 } }
            """);

        Assert.Equal("ok ok ok", await frontend.AskAsync(3, Ask.Of("example6", Ask.By("service=auth, user=user-a"))));
        Assert.Equal("ok ok over", await frontend.AskAsync(3, Ask.Of("example6", Ask.By("service=auth, user=user-b"))));
    }

    [Fact]
    public async Task Seven_What_is_replaced_is_not_counted()
    {
        await using var frontend = new Frontend(Frontend.Noon, """
            domain: example7
            descriptors:
              - key: key_1
                value: value_1
                descriptors:
                  - key: user
                    value: bkthomps
                    rate_limit: { name: specific_limit, unit: second, requests_per_unit: 1 }
              - key: key_2
                value: value_2
                descriptors:
                  - key: user
                    value: bkthomps
                    rate_limit: { replaces: [ { name: specific_limit } ], unit: second, requests_per_unit: 3 }
            """);
        var (first, second) = (Ask.By("key_1=value_1, user=bkthomps"), Ask.By("key_2=value_2, user=bkthomps"));

        Assert.Equal("ok ok ok over", await frontend.AskAsync(4, Ask.Of("example7", first, second)));
        Assert.Equal("ok over", await frontend.AskAsync(2, Ask.Of("example7", first)));
    }

    [Fact]
    public async Task Nine_Each_value_that_a_pattern_matches_is_counted_apart()
    {
        await using var frontend = new Frontend(Frontend.Noon, """
            domain: example9
            descriptors:
              - { key: key1, value: value*, rate_limit: { unit: minute, requests_per_unit: 1 } }
              - { key: path, value: /api/*/action, rate_limit: { unit: minute, requests_per_unit: 1 } }
              - { key: route, value: /api/*/resource/*/action, rate_limit: { unit: minute, requests_per_unit: 1 } }
            """);

        foreach (var matched in (string[])
            ["key1=value", "key1=value1", "path=/api/123/action", "path=/api/user-id/action",
             "route=/api/v1/resource/123/action", "route=/api/v2/resource/456/action"])
        {
            Assert.Equal("ok over", await frontend.AskAsync(2, Ask.Of("example9", Ask.By(matched))));
        }

        foreach (var other in (string[])
            ["key1=valu", "path=/api/123/other", "path=/api/action", "route=/api/v1/resource/action", "route=/api/x"])
        {
            Assert.Equal("ok ok", await frontend.AskAsync(2, Ask.Of("example9", Ask.By(other))));
        }
    }

    [Fact]
    public async Task Eleven_Values_share_one_counter_where_the_rule_says_so()
    {
        await using var frontend = new Frontend(Frontend.Noon, """
            domain: example11
            descriptors:
              - { key: files, value: files/*, share_threshold: true, rate_limit: { unit: hour, requests_per_unit: 2 } }
              - { key: apart, value: files/*, rate_limit: { unit: hour, requests_per_unit: 2 } }
            """);

        Assert.Equal("ok ok", await frontend.AskAsync(2, Ask.Of("example11", Ask.By("files=files/a.pdf"))));
        Assert.Equal("over", await frontend.AskAsync(1, Ask.Of("example11", Ask.By("files=files/c.txt"))));
        Assert.Equal("ok ok", await frontend.AskAsync(2, Ask.Of("example11", Ask.By("apart=files/a.pdf"))));
        Assert.Equal("ok", await frontend.AskAsync(1, Ask.Of("example11", Ask.By("apart=files/c.txt"))));
    }

    [Theory]
    [InlineData("detailed_metric: true", "key1=x, key2=y", "metrics.key1_x.key2_y")]
    [InlineData("detailed_metric: false", "key1=x, key2=y", "metrics.key1.key2")]
    [InlineData("value_to_metric: true", "key1=x, key2=y", "metrics.key1.key2_y")]
    public void Eight_and_ten_Metrics_distinguish_values_when_the_rule_requires_it(
        string member, string descriptor, string metric)
    {
        var rules = RuleText.Rules($$"""
            domain: metrics
            descriptors:
              - key: key1
                descriptors:
                  - { key: key2, {{member}}, rate_limit: { unit: minute, requests_per_unit: 1 } }
            """);

        Assert.Equal(metric, rules.Find("metrics", Ask.By(descriptor))!.Metric);
    }

    [Theory]
    [InlineData("second", 1)]
    [InlineData("MINUTE", 60)]
    [InlineData("Hour", 3600)]
    [InlineData("day", 86_400)]
    [InlineData("week", 604_800)]
    [InlineData("month", 2_592_000)]
    [InlineData("year", 31_536_000)]
    public void Every_unit_is_as_long_as_there(string unit, long seconds)
    {
        var rules = RuleText.Rules($$"""
            domain: units
            descriptors:
              - { key: key, rate_limit: { unit: {{unit}}, requests_per_unit: 1 } }
            """);

        Assert.Equal(seconds, rules.Find("units", Ask.By("key=x"))!.Limit.Window.Seconds);
    }
}

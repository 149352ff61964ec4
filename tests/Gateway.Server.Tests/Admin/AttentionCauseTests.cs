using Gateway.Admin.Records;
using Gateway.Audit.Records;
using Gateway.Control.Health;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Approvals.Requests;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Server.Tests.Admin;

/// <summary>No call fails, other than by a rule or a limit, while nothing needs attention.</summary>
public sealed class AttentionCauseTests : IAsyncLifetime
{
    private AdminBench _bench = null!;

    public static TheoryData<string> FaultRules =>
    [
        PolicyRuleNames.EngineUnavailable, PolicyRuleNames.ControlUnavailable, Refusal.AuditUnavailableRule,
        ApprovalRefusals.Unavailable.Rule, "(connections unavailable)",
    ];

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [MemberData(nameof(FaultRules))]
    public async Task Call_refused_by_a_fault_of_a_ready_gateway_is_listed(string rule)
    {
        var nowMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var refusals = _bench.Host.Services.GetRequiredService<RecentRefusals>();
        refusals.AddUnavailable(new("bot", "crm", rule, "it does not respond", nowMs - 60_000, nowMs - 60_000));
        refusals.AddUnavailable(new("bot", "crm", rule, "it does not respond", nowMs, nowMs));

        var found = Assert.Single(await AttentionAsync())!;

        Assert.Equal(
            ("calls.unavailable", "critical", $"The last refused call was from bot to crm, by {rule}: it does not "
                + "respond"),
            ((string?)found["kind"], (string?)found["severity"], (string?)found["detail"]));
        Assert.Equal(nowMs - 60_000, ((DateTimeOffset)found["since"]!).ToUnixTimeMilliseconds());
        Assert.Equal("degraded", (string?)(await _bench.SendAsync("GET", "status")).Json!["state"]);
    }

    [Theory]
    [InlineData("text/html", "<html>")]
    [InlineData("application/json", "{")]
    [InlineData("application/json", "")]
    [InlineData("text/event-stream", "")]
    public async Task Call_without_a_usable_response_is_listed(string type, string body)
    {
        var token = await _bench.ProvideAsync();
        await using var server = await RecordingServer.StartAsync();
        server.Answer = (http, _) =>
        {
            http.Response.ContentType = type;
            return http.Response.WriteAsync(body);
        };
        await _bench.SendAsync("PUT", "servers/crm", new JsonObject { ["url"] = server.Url }, "*");

        await _bench.CallAsync(token);

        Assert.Equal("server.failing", (string?)Assert.Single(await AttentionAsync())!["kind"]);
    }

    [Fact]
    public async Task Grant_that_has_expired_is_listed_and_is_a_warning_once_its_token_is_used()
    {
        var token = await _bench.ProvideAsync();
        await _bench.SendAsync("PATCH", "grants/bot", new JsonObject { ["expires"] = "1s" }, "*");
        await Soon.UntilAsync(
            async () => (string?)(await AttentionAsync()).SingleOrDefault()?["kind"] == "grant.expired",
            "the grant has expired");
        Assert.Equal("info", (string?)(await AttentionAsync()).Single()!["severity"]);

        Assert.Equal(401, (await _bench.CallAsync(token)).Status);

        var used = Assert.Single(await AttentionAsync())!;
        Assert.Equal(
            ("grant.expired", "warning", "The grant bot has expired", "grants/bot"),
            ((string?)used["kind"], (string?)used["severity"], (string?)used["text"], (string?)used["page"]));
        Assert.Contains("its token is still used", (string?)used["detail"], StringComparison.Ordinal);
        await _bench.SendAsync("PATCH", "grants/bot", new JsonObject { ["expires"] = "30d" }, "*");
        Assert.Empty(await AttentionAsync());
    }

    [Fact]
    public void Thresholds_are_those_of_the_alerts_of_Prometheus()
    {
        var rules = File.ReadAllText(SourceTree.PathOf("deploy", "monitoring", "policy-gateway.rules.yaml"));

        Assert.Matches(
            @"alert: GatewayNoAdmissions\n.+\n"
                + $@".+\[{AttentionWatch.RecentMinutes}m\]\)\) > {AttentionWatch.RefusedMin}\)\n"
                + $@".+\[{AttentionWatch.RecentMinutes}m\]\)\) > 0\)\n",
            rules);
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture,
                $"gateway_data_size_bytes{{job=\"policy-gateway\"}} < {AttentionView.FreeShareMin}\n"),
            rules, StringComparison.Ordinal);
    }

    private async Task<JsonArray> AttentionAsync() =>
        (await _bench.SendAsync("GET", "status")).Json!["attention"]!.AsArray();
}

namespace Gateway.Server.Tests.Commands;

public sealed class DraftVerbTests
{
    [Fact]
    public async Task A_draft_of_what_a_grant_did_can_be_set_and_lets_it_go_on()
    {
        await using var bench = await AdminBench.StartAsync();
        var token = await bench.ProvideAsync();
        for (var i = 0; i < 3; i++)
            await bench.CallAsync(token);

        var run = await Of(bench).RunAsync("policy", "draft", "--from-audit", "--grant", "bot", "--since", "1h");

        Assert.Equal(0, run.ExitCode);
        var policy = JsonNode.Parse(run.Output)!;
        Assert.Equal(["list_customers"], policy["tools"]!.AsObject().Select(tool => tool.Key));
        Assert.StartsWith("Draft from ", (string)policy["description"]!, StringComparison.Ordinal);
        var set = await bench.SendAsync("PUT", "policies/limited", policy, "*");
        Assert.Equal(200, set.Status);

        var byClass = await Of(bench).RunAsync(
            "policy", "draft", "--from-audit", "--grant", "bot", "--since", "1h", "--by-class");
        Assert.True(byClass.ExitCode == 0, byClass.Errors);
        Assert.Equal(["Read"], JsonNode.Parse(byClass.Output)!["classes"]!.AsObject().Select(one => one.Key));
        var again = await bench.SendAsync("PUT", "policies/limited", JsonNode.Parse(byClass.Output)!, "*");
        Assert.Equal(200, again.Status);
        Assert.False((await bench.CallAsync(token)).IsError);
    }

    [Fact]
    public async Task A_draft_of_a_fleet_has_the_peaks_of_all_its_frontends()
    {
        var config = $$"""{ "admin": { "key": "{{AdminBench.ConfiguredKey}}" } }""";
        await using var one = await AdminBench.StartAsync(config);
        await using var other = await AdminBench.StartAsync(config);
        foreach (var bench in new[] { one, other })
        {
            var token = await bench.ProvideAsync();
            for (var i = 0; i < 3; i++)
                await bench.CallAsync(token);
        }

        var run = await Of(one).RunAsync(
            "policy", "draft", "--from-audit", "--grant", "bot", "--margin", "0", "--frontends",
            $"{one.Host.Addresses[0]},{other.Host.Addresses[0]}");

        Assert.Equal(0, run.ExitCode);
        var limits = JsonNode.Parse(run.Output)!["tools"]!["list_customers"]!["limits"]!.AsArray();
        Assert.Equal(6, (int)limits[^1]!["max"]!);
        Assert.DoesNotContain("are not included", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_record_is_distinguished_from_a_missing_grant()
    {
        await using var bench = await AdminBench.StartAsync();
        await bench.ProvideAsync();

        var quiet = await Of(bench).RunAsync("policy", "draft", "--from-audit", "--grant", "bot");
        var unknown = await Of(bench).RunAsync("policy", "draft", "--from-audit", "--grant", "bott");

        Assert.Equal((1, "no call of bot is recorded in the last 7d"), (quiet.ExitCode, quiet.Errors.Trim()));
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("bott", unknown.Errors, StringComparison.Ordinal);
        Assert.Equal("", quiet.Output + unknown.Output);
    }

    [Theory]
    [InlineData("--margin", "x", "--margin must be a number from 0 to 100, not \"x\".")]
    [InlineData("--margin", "-1", "--margin must be a number from 0 to 100")]
    [InlineData("--since", "yesterday", "--since must be a length such as")]
    public async Task An_invalid_option_is_reported(string option, string value, string said)
    {
        await using var bench = await AdminBench.StartAsync();

        var run = await Of(bench).RunAsync("policy", "draft", "--from-audit", "--grant", "bot", option, value);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", run.Errors, StringComparison.Ordinal);
    }

    private static Cli Of(AdminBench bench) => new(bench.Folder, new Uri(bench.Host.Addresses[0]), bench.AdminKey);
}

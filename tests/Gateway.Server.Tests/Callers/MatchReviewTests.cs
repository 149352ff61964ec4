namespace Gateway.Server.Tests.Callers;

/// <summary>The review of which tokens select which grants.</summary>
public sealed class MatchReviewTests
{
    [NodeFact]
    public async Task An_overlap_is_listed_with_a_token_that_selects_the_first_grant()
    {
        await using var bench = await CallerBench.StartAsync();

        using var response = await bench.SendAsync(
            CallerBench.AdminKey, "/api/v1/matches", method: HttpMethod.Get);

        var view = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(["support", "finance"], view["matches"]!.AsArray().Select(static one => (string?)one!["grant"]));
        var overlap = view["overlaps"]!.AsArray().Single()!;
        Assert.Equal(
            ("support", "finance", "corp"),
            ((string?)overlap["selected"], (string?)overlap["shadowed"], (string?)overlap["issuer"]));
        Assert.Equal(
            $$"""{"iss":"{{bench.Issuer}}","groups":["agents","finance"]}""", overlap["example"]!.ToJsonString());
        // The example is true: the grant "support" lacks the server that "finance" reaches.
        var claims = overlap["example"]!.DeepClone().AsObject();
        claims["sub"] = "ana";
        var token = await bench.SignAsync(claims);
        Assert.Equal((200, 403), (await bench.StatusAsync(token), await bench.StatusAsync(token, "/mcp/erp")));
        using var folder = new TestFolder();
        var listed = await new Cli(folder.Path, bench.Address, CallerBench.AdminKey).RunAsync("grant", "review");
        Assert.Equal(0, listed.ExitCode);
        Assert.Contains("""support: {"iss":""", listed.Output, StringComparison.Ordinal);
    }

    [NodeTheory]
    [InlineData("gateway", "gateway")]
    [InlineData(null, "the address that is called")]
    public async Task Audience_of_the_tokens_is_shown(string? audience, string shown)
    {
        await using var bench = await CallerBench.StartAsync(audience: audience);
        using var folder = new TestFolder();

        var listed = await new Cli(folder.Path, bench.Address, CallerBench.AdminKey)
            .RunAsync("grant", "review", "--output", "csv");

        Assert.StartsWith(
            "ORDER,GRANT,ISSUER,CLAIMS,AUDIENCE,OVERLAPS", listed.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($",{shown},", listed.Output, StringComparison.Ordinal);
    }
}

namespace Gateway.Server.Tests.Callers;

/// <summary>Grants of the API that tokens of an issuer select.</summary>
public sealed class StoredMatchTests
{
    private const string Auditors = """
        { "name": "auditors", "servers": { "erp": "policy" }, "order": 5,
          "match": { "issuer": "corp", "claims": [{ "path": "groups", "op": "has", "value": "audit" }] } }
        """;

    [NodeFact]
    public async Task A_grant_of_the_api_is_selected_by_its_match_until_that_is_removed()
    {
        await using var bench = await CallerBench.StartAsync();
        var token = await bench.TokenAsync("ana", "audit", "agents");
        Assert.Equal((200, 403), (await bench.StatusAsync(token), await bench.StatusAsync(token, "/mcp/erp")));

        var (status, created) = await SendAsync(bench, HttpMethod.Post, "grants", Auditors);

        Assert.True(status == 201, created?.ToJsonString());
        Assert.Equal((403, 200), (await bench.StatusAsync(token), await bench.StatusAsync(token, "/mcp/erp")));
        var shown = (await SendAsync(bench, HttpMethod.Get, "grants/auditors")).Json!;
        Assert.Equal((5, "corp"), ((int?)shown["order"], (string?)shown["match"]!["issuer"]));
        // A change that does not name them keeps both.
        Assert.Equal(200, (await SendAsync(
            bench, HttpMethod.Patch, "grants/auditors", """{ "description": "for auditors" }""")).Status);
        Assert.Equal(200, await bench.StatusAsync(token, "/mcp/erp"));

        var removed = await SendAsync(bench, HttpMethod.Patch, "grants/auditors", """{ "match": null }""");

        Assert.True(removed.Status == 200, removed.Json?.ToJsonString());
        Assert.Null(removed.Json!["order"]);
        Assert.Equal((200, 403), (await bench.StatusAsync(token), await bench.StatusAsync(token, "/mcp/erp")));
    }

    [NodeTheory]
    [InlineData("\"order\": 5", "\"order\": 20", "the grant support has the order 20")]
    [InlineData("\"order\": 5,", "", "matches tokens of the same issuer")]
    [InlineData("corp", "corq", "there is no issuer")]
    [InlineData("\"has\"", "\"contains\"", "finds a part of a text")]
    [InlineData("\"has\"", "\"like\"", "must be one of")]
    public async Task A_match_that_cannot_be_used_is_rejected(string old, string replacement, string why)
    {
        await using var bench = await CallerBench.StartAsync();

        var (status, json) = await SendAsync(
            bench, HttpMethod.Post, "grants", Auditors.Replace(old, replacement, StringComparison.Ordinal));

        Assert.Equal(422, status);
        Assert.Contains(why, json!.ToJsonString(), StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task Apply_sets_a_match()
    {
        await using var bench = await CallerBench.StartAsync();
        using var folder = new TestFolder();
        var file = Path.Combine(folder.Path, "grants.json");
        var grant = JsonNode.Parse(Auditors)!.AsObject();
        grant.Remove("name");
        await File.WriteAllTextAsync(file, $$"""{ "grants": { "auditors": {{grant.ToJsonString()}} } }""");
        var token = await bench.TokenAsync("ana", "audit");

        var applied = await new Cli(folder.Path, bench.Address, CallerBench.AdminKey).RunAsync("apply", "--file", file);

        Assert.True(applied.ExitCode == 0, applied.Errors + applied.Output);
        Assert.Equal(200, await bench.StatusAsync(token, "/mcp/erp"));
    }

    private static async Task<(int Status, JsonNode? Json)> SendAsync(
        CallerBench bench, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(bench.Address, $"/api/v1/{path}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", CallerBench.AdminKey);
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        if (body is not null)
        {
            request.Content = new StringContent(body, new MediaTypeHeaderValue(
                method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json"));
        }

        using var response = await bench.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }
}

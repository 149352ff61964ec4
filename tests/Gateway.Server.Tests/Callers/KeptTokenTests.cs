namespace Gateway.Server.Tests.Callers;

/// <summary>Tokens of an issuer that were accepted before: everything but their signature is checked again.</summary>
public sealed class KeptTokenTests
{
    [NodeFact]
    public async Task A_token_for_one_address_is_refused_at_others_after_it_was_accepted()
    {
        await using var bench = await CallerBench.StartAsync(audience: null);
        var token = await bench.SignAsync(new()
        {
            ["sub"] = "ana",
            ["aud"] = CallerBench.Origin + "/mcp/crm",
            ["groups"] = new JsonArray("finance"),
        });

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(200, await bench.StatusAsync(token));
            Assert.Equal(401, await bench.StatusAsync(token, "/mcp/erp"));
            Assert.Equal(401, await bench.StatusAsync(token, "/mcp"));
        }
    }

    [NodeTheory]
    [InlineData("\"audience\": \"gateway\"", "\"audience\": \"another\"")]
    [InlineData("\"issuer\": \"http://127.0.0.1:", "\"issuer\": \"http://localhost:")]
    [InlineData("\"audience\": \"gateway\"", "\"audience\": \"gateway\", \"subject\": [\"employee\"]")]
    public async Task A_change_of_the_issuer_ends_its_tokens(string before, string after)
    {
        await using var bench = await CallerBench.StartAsync();
        var token = await bench.TokenAsync("ana", "agents");
        Assert.Equal(200, await bench.StatusAsync(token));
        Assert.Equal(200, await bench.StatusAsync(token));

        await bench.ChangeConfigAsync(before, after);

        await Soon.UntilAsync(async () => await bench.StatusAsync(token) == 401, "the token is refused");
        await bench.ChangeConfigAsync(after, before);
        await Soon.UntilAsync(async () => await bench.StatusAsync(token) == 200, "the token is accepted again");
    }

    [NodeFact]
    public async Task A_token_is_refused_from_the_second_of_its_expiry()
    {
        var time = new JumpingTime(TimeProvider.System.GetUtcNow());
        await using var bench = await CallerBench.StartAsync(time: time);
        var token = await bench.SignAsync(new()
        {
            ["sub"] = "ana",
            ["groups"] = new JsonArray("agents"),
            ["exp"] = time.GetUtcNow().ToUnixTimeSeconds() + 3000,
        });
        Assert.Equal(200, await bench.StatusAsync(token));

        time.Jump(TimeSpan.FromSeconds(2900));
        Assert.Equal(200, await bench.StatusAsync(token));
        time.Jump(TimeSpan.FromSeconds(100));
        Assert.Equal(401, await bench.StatusAsync(token));
    }

    [NodeFact]
    public async Task An_issuer_whose_keys_cannot_be_fetched_is_shown_until_they_are()
    {
        var time = new JumpingTime(TimeProvider.System.GetUtcNow());
        await using var bench = await CallerBench.StartAsync(
            ", \"keysMaxAgeSeconds\": 600", time: time, hasOwnIssuer: true);
        var token = await bench.TokenAsync("ana", "agents");
        Assert.Equal(200, await bench.StatusAsync(token));
        Assert.Null(await FaultAsync());
        await bench.StopIssuerAsync();

        time.Jump(TimeSpan.FromMinutes(9));
        Assert.Equal(200, await bench.StatusAsync(token));
        await Soon.UntilAsync(async () => await FaultAsync() is not null, "the fault is shown");
        Assert.Equal("warning", (string?)(await FaultAsync())!["severity"]);
        time.Jump(TimeSpan.FromMinutes(2));
        Assert.Equal(503, await bench.StatusAsync(token));
        await Soon.UntilAsync(
            async () => (string?)(await FaultAsync())?["severity"] == "critical", "the fault is critical");
        var fault = (await FaultAsync())!;
        Assert.Equal("The keys of the issuer corp cannot be fetched", (string?)fault["text"]);
        Assert.EndsWith(
            ". Callers with its tokens are refused until the keys can be fetched.", (string?)fault["detail"],
            StringComparison.Ordinal);
        // Nobody tries, so nothing is known.
        time.Jump(TimeSpan.FromMinutes(10));
        Assert.Null(await FaultAsync());

        async Task<JsonNode?> FaultAsync() => (await bench.AdminAsync("status"))!["attention"]!.AsArray()
            .SingleOrDefault(static one => (string?)one!["kind"] == "issuer.unavailable");
    }

    [NodeFact]
    public async Task A_refusal_names_what_the_address_needs()
    {
        await using var bench = await CallerBench.StartAsync();

        Assert.Contains(
            "the token is for another audience (aud); for its issuer corp, this address needs gateway",
            await RefusalAsync(new() { ["sub"] = "ana", ["aud"] = "other" }));
        Assert.Contains(
            "no configured issuer has the token's iss, https://login.example.com/",
            await RefusalAsync(new() { ["sub"] = "ana", ["iss"] = "https://login.example.com/" }));

        async Task<string> RefusalAsync(JsonObject claims)
        {
            using var response = await bench.SendAsync(await bench.SignAsync(claims));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            return await response.Content.ReadAsStringAsync();
        }
    }
}

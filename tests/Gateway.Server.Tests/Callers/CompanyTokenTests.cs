namespace Gateway.Server.Tests.Callers;

/// <summary>Access tokens of a company's identity provider, at the addresses of the gateway.</summary>
public sealed class CompanyTokenTests
{
    [NodeFact]
    public async Task A_token_reaches_the_servers_of_its_grant_at_both_addresses()
    {
        await using var bench = await CallerBench.StartAsync();
        var token = await bench.TokenAsync("ana", "agents");

        Assert.Equal(200, await bench.StatusAsync(token));
        Assert.Equal(200, await bench.StatusAsync(token));
        Assert.Equal(200, await bench.StatusAsync(token, "/mcp"));
        Assert.Equal(200, await bench.StatusAsync(TestTokens.Agent));
        Assert.DoesNotContain(
            bench.Crm.Requests.SelectMany(static request => request.Headers.Values), value => value.Contains(token));
        Assert.Equal(
            ["support", "support", "agent"],
            bench.Records().Where(record => record.GetProperty("kind").GetString() == "decision")
                .Select(record => record.GetProperty("grant").GetString()));
        var called = bench.Records().Where(static record => record.TryGetProperty("caller", out _)).ToList();
        Assert.All(called, static record =>
        {
            Assert.Equal("support", record.GetProperty("grant").GetString());
            Assert.Equal("ana", record.GetProperty("caller").GetString());
            Assert.Equal("corp", record.GetProperty("callerIssuer").GetString());
        });
        Assert.Equal(
            ["decision", "outcome"],
            called.Select(static record => record.GetProperty("kind").GetString()).Distinct().Order());
    }

    [NodeTheory]
    [InlineData("""{"nonce":"n"}""", """{"typ":"JWT"}""", "", "ID token")]
    [InlineData("""{"at_hash":"x"}""", """{"typ":"JWT"}""", "", "ID token")]
    [InlineData("""{"events":{}}""", """{"typ":"JWT"}""", "", "logout")]
    [InlineData("{}", """{"typ":"logout+jwt"}""", "", "not that of an access token")]
    [InlineData("{}", """{"typ":"oauth-id-jag+jwt"}""", "", "not that of an access token")]
    [InlineData("{}", """{"typ":"dpop+jwt"}""", "", "not that of an access token")]
    [InlineData("{}", """{"cty":"JWT"}""", "", "nested")]
    [InlineData("{}", """{"alg":"none"}""", "", "none")]
    [InlineData("{}", """{"alg":"HS256"}""", "", "shared secret")]
    [InlineData("{}", "{}", "exp", "no expiry")]
    [InlineData("""{"exp":"4102444800"}""", "{}", "", "no expiry")]
    [InlineData("""{"exp":1000000000}""", "{}", "", "has expired")]
    [InlineData("""{"nbf":4102444800}""", "{}", "", "not valid yet")]
    [InlineData("""{"iat":4102444800}""", "{}", "", "in the future")]
    [InlineData("""{"aud":"other"}""", "{}", "", "another audience")]
    [InlineData("""{"aud":["other"]}""", "{}", "", "another audience")]
    [InlineData("{}", "{}", "aud", "another audience")]
    [InlineData("""{"iss":"https://login.other.example"}""", "{}", "", "no configured issuer")]
    [InlineData("""{"cnf":{"jkt":"x"}}""", "{}", "", "cnf")]
    [InlineData("{}", "{}", "sub", "\"sub\"")]
    [InlineData("""{"sub":7}""", "{}", "", "\"sub\"")]
    public async Task Refuses_other_tokens_with_a_reason(string claims, string header, string without, string reason)
    {
        await using var bench = await CallerBench.StartAsync();
        var all = JsonNode.Parse("""{"sub":"ana","groups":["agents"]}""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(claims)!.AsObject())
            all[name] = value!.DeepClone();
        var token = await bench.SignAsync(all, JsonNode.Parse(header)!.AsObject(), without);

        using var response = await bench.SendAsync(token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.StartsWith("Bearer error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString());
        Assert.Contains(reason, await response.Content.ReadAsStringAsync());
        Assert.Empty(bench.Crm.Requests);
    }

    [NodeTheory]
    [InlineData("", """{"typ":"JWT"}""", "{}", 200)]
    [InlineData("", """{"typ":"application/AT+JWT"}""", "{}", 200)]
    [InlineData(", \"typ\": \"at+jwt\"", """{"typ":"JWT"}""", "{}", 401)]
    [InlineData(", \"typ\": \"JWT\"", """{"typ":"JWT"}""", """{"nonce":"n"}""", 200)]
    [InlineData(", \"typ\": \"JWT\"", """{"typ":"logout+jwt"}""", "{}", 401)]
    public async Task The_issuer_declares_the_type_of_its_access_tokens(
        string issuer, string header, string claims, int expected)
    {
        await using var bench = await CallerBench.StartAsync(issuer);
        var all = JsonNode.Parse("""{"sub":"ana","groups":["agents"]}""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(claims)!.AsObject())
            all[name] = value!.DeepClone();

        Assert.Equal(expected, await bench.StatusAsync(await bench.SignAsync(all, JsonNode.Parse(header)!.AsObject())));
    }

    [NodeFact]
    public async Task Refuses_a_token_with_another_payload_or_signature()
    {
        await using var bench = await CallerBench.StartAsync();
        var (own, other) = (await bench.TokenAsync("ana", "sales"), await bench.TokenAsync("ben", "agents"));
        var (ana, ben) = (own.Split('.'), other.Split('.'));

        Assert.Equal(401, await bench.StatusAsync($"{ana[0]}.{ben[1]}.{ana[2]}"));
        Assert.Equal(401, await bench.StatusAsync($"{ben[0]}.{ben[1]}."));
        Assert.Equal(401, await bench.StatusAsync($"{ben[0]}.{ben[1]}.{ben[2]}.x.y"));
        Assert.Equal(200, await bench.StatusAsync(other));
    }

    [NodeTheory]
    [InlineData(CallerBench.Origin + "/mcp/crm", 200, 401, 401)]
    [InlineData(CallerBench.Origin + "/mcp/crm/", 200, 401, 401)]
    [InlineData(CallerBench.Origin + "/mcp/erp", 401, 200, 401)]
    [InlineData(CallerBench.Origin + "/mcp", 401, 401, 200)]
    [InlineData(CallerBench.Origin, 401, 401, 401)]
    [InlineData("https://other.example/mcp/crm", 401, 401, 401)]
    public async Task Without_an_audience_a_token_is_for_the_address_that_is_called(
        string audience, int crm, int erp, int all)
    {
        await using var bench = await CallerBench.StartAsync(audience: null);
        var token = await bench.SignAsync(new()
        {
            ["sub"] = "ana",
            ["aud"] = new JsonArray("x", audience),
            ["groups"] = new JsonArray("finance"),
        });

        Assert.Equal(crm, await bench.StatusAsync(token));
        Assert.Equal(erp, await bench.StatusAsync(token, "/mcp/erp"));
        Assert.Equal(all, await bench.StatusAsync(token, "/mcp"));
    }

    [NodeFact]
    public async Task The_first_grant_that_matches_is_the_callers_and_no_other()
    {
        await using var bench = await CallerBench.StartAsync();
        var both = await bench.TokenAsync("ana", "finance", "agents");
        var finance = await bench.TokenAsync("ben", "finance");

        Assert.Equal(200, await bench.StatusAsync(finance, "/mcp/erp"));
        Assert.Equal(200, await bench.StatusAsync(both));
        using var refused = await bench.SendAsync(both, "/mcp/erp");

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("support", await refused.Content.ReadAsStringAsync());
        await Soon.UntilAsync(() => bench.Records().Any(record => record.GetProperty("kind").GetString() == "decision"
            && record.GetProperty("grant").GetString() == "support"
            && record.GetProperty("server").GetString() == "erp"), "the refusal is on record");
    }

    [NodeTheory]
    [InlineData("not-agents")]
    [InlineData("Agents")]
    [InlineData("agents admins")]
    public async Task A_token_that_no_grant_matches_is_refused(string group)
    {
        await using var bench = await CallerBench.StartAsync();

        Assert.Equal(403, await bench.StatusAsync(await bench.TokenAsync("ana", group)));
        var text = await bench.SignAsync(new() { ["sub"] = "ana", ["groups"] = group });
        Assert.Equal(403, await bench.StatusAsync(text));
        Assert.Equal(403, await bench.StatusAsync(await bench.SignAsync(new() { ["sub"] = "ana" })));
    }

    [NodeFact]
    public async Task A_grant_without_a_token_has_none_that_can_be_guessed()
    {
        await using var bench = await CallerBench.StartAsync();

        foreach (var guess in (string[])["support", "match:support", "", "support/"])
            Assert.Equal(401, await bench.StatusAsync(guess));
    }

    [NodeFact]
    public async Task A_rotated_key_is_fetched_and_the_previous_one_is_gone()
    {
        var time = new JumpingTime(TimeProvider.System.GetUtcNow());
        await using var bench = await CallerBench.StartAsync(time: time, hasOwnIssuer: true);
        var before = await bench.TokenAsync("ana", "agents");
        Assert.Equal(200, await bench.StatusAsync(before));

        await bench.RotateAsync();
        var after = await bench.TokenAsync("ben", "agents");
        Assert.Equal(200, await bench.StatusAsync(before));
        Assert.Equal(200, await bench.StatusAsync(after));
        Assert.Equal(401, await bench.StatusAsync(before));

        // The next unknown key is looked up no sooner than a minute later.
        await bench.RotateAsync();
        var last = await bench.TokenAsync("ana", "agents");
        Assert.Equal(401, await bench.StatusAsync(last));
        time.Jump(TimeSpan.FromMinutes(1));
        Assert.Equal(200, await bench.StatusAsync(last));
    }

    [NodeFact]
    public async Task A_rotated_key_is_fetched_for_a_token_that_names_none()
    {
        await using var bench = await CallerBench.StartAsync(hasOwnIssuer: true);
        Assert.Equal(200, await bench.StatusAsync(await TokenAsync()));

        await bench.RotateAsync();

        Assert.Equal(200, await bench.StatusAsync(await TokenAsync()));

        Task<string> TokenAsync() => bench.SignAsync(
            new JsonObject { ["sub"] = "ana", ["groups"] = new JsonArray("agents") },
            new JsonObject { ["kid"] = null });
    }

    [NodeFact]
    public async Task Keys_that_rotate_under_load_refuse_no_new_token_and_accept_no_old_one_afterwards()
    {
        await using var bench = await CallerBench.StartAsync(hasOwnIssuer: true);
        var old = await bench.TokenAsync("ana", "agents");
        Assert.Equal(200, await bench.StatusAsync(old));
        using var stop = new CancellationTokenSource(Soon.AtMost);
        var load = Enumerable.Range(0, 4).Select(_ => StatusesAsync(old)).ToList();

        await bench.RotateAsync();
        List<string> renewed = [];
        for (var n = 0; n < 8; n++)
            renewed.Add(await bench.TokenAsync($"user-{n}", "agents"));
        var statuses = await Task.WhenAll(
            renewed.SelectMany(static token => Enumerable.Repeat(token, 25)).Select(token => bench.StatusAsync(token)));
        await stop.CancelAsync();

        Assert.All(statuses, static status => Assert.Equal(200, status));
        foreach (var seen in await Task.WhenAll(load))
        {
            // One call may have been at the server when its key was gone.
            var complete = seen.Where(static status => status != 403).ToList();
            Assert.InRange(complete.Count, seen.Count - 1, seen.Count);
            Assert.Equal([200, 401], complete.Distinct());
            Assert.Equal(complete.Order(), complete);
        }

        async Task<List<int>> StatusesAsync(string token)
        {
            List<int> seen = [];
            while (!stop.IsCancellationRequested)
                seen.Add(await bench.StatusAsync(token));
            seen.Add(await bench.StatusAsync(token));
            return seen;
        }
    }

    [NodeFact]
    public async Task A_token_ends_with_its_expiry_and_with_the_match_of_its_grant()
    {
        var time = new JumpingTime(TimeProvider.System.GetUtcNow());
        await using var bench = await CallerBench.StartAsync(time: time);
        var token = await bench.TokenAsync("ana", "agents");
        Assert.Equal(200, await bench.StatusAsync(token));

        await bench.ChangeConfigAsync("\"value\": \"agents\"", "\"value\": \"others\"");
        await Soon.UntilAsync(async () => await bench.StatusAsync(token) == 403, "the grant matches no more");
        await bench.ChangeConfigAsync("\"value\": \"others\"", "\"value\": \"agents\"");
        await Soon.UntilAsync(async () => await bench.StatusAsync(token) == 200, "the grant matches again");
        time.Jump(TimeSpan.FromMinutes(61));

        Assert.Equal(401, await bench.StatusAsync(token));
    }

    [NodeTheory]
    [InlineData("", null, "Bearer")]
    [InlineData(", \"oauth\": { \"issuer\": \"https://gateway.example.com\" }", "https://gateway.example.com",
        "Bearer resource_metadata=\"https://gateway.example.com/.well-known/oauth-protected-resource/mcp/crm\", "
            + "scope=\"mcp\"")]
    public async Task An_issuer_is_in_the_metadata_only_if_it_is_advertised(
        string more, string? own, string challenge)
    {
        const string path = "/.well-known/oauth-protected-resource/mcp/crm";
        await using var bench = await CallerBench.StartAsync(more: more);
        await using var advertising = await CallerBench.StartAsync(", \"advertise\": true", more: more);

        Assert.Equal(own is null ? [] : [own], await ServersAsync(bench));
        Assert.Equal(
            own is null ? [advertising.Issuer] : [own, advertising.Issuer], await ServersAsync(advertising));
        using var plain = await bench.SendAsync(null);
        Assert.Equal(challenge, plain.Headers.WwwAuthenticate.ToString());
        using var named = await advertising.SendAsync(null);
        Assert.StartsWith(
            $"Bearer resource_metadata=\"{CallerBench.Origin}{path}\"", named.Headers.WwwAuthenticate.ToString());

        static async Task<string[]> ServersAsync(CallerBench at)
        {
            using var response = await at.SendAsync(null, path, method: HttpMethod.Get);
            if (response.StatusCode == HttpStatusCode.NotFound)
                return [];
            var json = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
            Assert.Equal($"{CallerBench.Origin}/mcp/crm", (string?)json["resource"]);
            return [.. json["authorization_servers"]!.AsArray().Select(static one => (string)one!)];
        }
    }

    [NodeFact]
    public async Task Keys_of_an_unavailable_issuer_are_used_up_to_their_age()
    {
        var time = new JumpingTime(TimeProvider.System.GetUtcNow());
        await using var bench = await CallerBench.StartAsync(
            ", \"keysMaxAgeSeconds\": 600", time: time, hasOwnIssuer: true);
        var (known, later) = (await bench.TokenAsync("ana", "agents"), await bench.TokenAsync("ben", "agents"));
        Assert.Equal(200, await bench.StatusAsync(known));
        await bench.StopIssuerAsync();

        time.Jump(TimeSpan.FromMinutes(9));
        Assert.Equal(200, await bench.StatusAsync(known));
        Assert.Equal(200, await bench.StatusAsync(later));
        time.Jump(TimeSpan.FromMinutes(2));

        // Not 401: a client would discard its token.
        Assert.Equal(503, await bench.StatusAsync(known));
        using var refused = await bench.SendAsync(later, "/mcp/crm", CallerBench.Ping);
        Assert.Equal(503, (int)refused.StatusCode);
        Assert.Equal(
            "Unavailable: the keys of the token's issuer cannot be read. Try again in 1 s.\n",
            await refused.Content.ReadAsStringAsync());
        Assert.Equal(200, await bench.StatusAsync(TestTokens.Agent));
    }

    [NodeFact]
    public async Task A_stream_closes_when_its_token_ends()
    {
        await using var bench = await CallerBench.StartAsync();
        bench.Crm.Answer = static async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(": open\n\n");
            await http.Response.Body.FlushAsync();
            await RecordingServer.UntilGoneAsync(http);
        };
        var ends = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 5;
        var token = await bench.SignAsync(
            new() { ["sub"] = "ana", ["groups"] = new JsonArray("agents"), ["exp"] = ends });
        using var stream = await bench.SendAsync(token, method: HttpMethod.Get);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        using var other = await bench.SendAsync(await bench.TokenAsync("ben", "agents"), method: HttpMethod.Get);
        var others = other.Content.ReadAsStringAsync();

        var read = stream.Content.ReadAsStringAsync();
        await ((Task)read).WaitAsync(Soon.AtMost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        Assert.True(read.IsCompleted);
        Assert.InRange(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), ends, ends + 5);
        Assert.Equal(401, await bench.StatusAsync(token));
        Assert.False(others.IsCompleted);
    }

    [NodeFact]
    public async Task The_official_client_calls_with_a_token_of_a_certified_provider()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await using var provider = NodeProcess.Start("company-provider.js");
        var issuer = (string)JsonNode.Parse(await provider.ReadJsonLineAsync(deadline.Token))!["issuer"]!;
        await using var bench = await CallerBench.StartAsync(
            identity: "", more: "", issuer: $$""" }, "partner": { "issuer": "{{issuer}}", "audience": "gateway" """);
        await bench.ChangeConfigAsync(
            "\"support\": {", """
            "partners": { "servers": { "crm": "policy" }, "order": 5, "match": { "issuer": "partner" } },
            "support": {
            """);
        using var form = new FormUrlEncodedContent([
            new("grant_type", "client_credentials"), new("client_id", "bot"),
            new("client_secret", "the-secret-of-the-bot"), new("resource", "https://gateway.example.com/mcp"),
        ]);
        using var issued = await bench.Client.PostAsync($"{issuer}/token", form);
        var token = (string)JsonNode.Parse(await issued.Content.ReadAsStringAsync())!["access_token"]!;
        Assert.Equal("at+jwt", (string)JsonNode.Parse(
            System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0]))!["typ"]!);
        await Soon.UntilAsync(async () => await bench.StatusAsync(token) == 200, "the grant is known");
        bench.Crm.Answer = static (http, request) =>
        {
            var message = JsonNode.Parse(request.Text)!;
            var result = (string?)message["method"] switch
            {
                "initialize" => """
                    {"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"crm","version":"1"}}
                    """,
                "tools/list" => """{"tools":[{"name":"find","inputSchema":{"type":"object"}}]}""",
                _ => """{"content":[{"type":"text","text":"found"}]}""",
            };
            return message["id"] is { } id
                ? RecordingServer.JsonAsync(
                    http, $$"""{"jsonrpc":"2.0","id":{{id.ToJsonString()}},"result":{{result}}}""")
                : RecordingServer.JsonAsync(http, "", 202);
        };

        await using var client = await McpClient.CreateAsync(
            new HttpClientTransport(new HttpClientTransportOptions
            {
                Endpoint = new Uri(bench.Address, "/mcp/crm"),
                TransportMode = HttpTransportMode.StreamableHttp,
                AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" },
            }),
            OfficialOptions.Speaking("2025-11-25"), cancellationToken: deadline.Token);
        var found = await client.CallToolAsync("find", cancellationToken: deadline.Token);

        Assert.Equal("found", Assert.IsType<TextContentBlock>(Assert.Single(found.Content)).Text);
    }
}

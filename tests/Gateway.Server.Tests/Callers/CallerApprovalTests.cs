namespace Gateway.Server.Tests.Callers;

/// <summary>Rules by which a caller may not approve its own calls.</summary>
public sealed class CallerApprovalTests : IAsyncLifetime, IDisposable
{
    private const string AdminKey = "operator-key-0123456789";
    private const string Meta = """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":
        """;

    private const string Tasks = """{"extensions":{"io.modelcontextprotocol/tasks":{}}}""";

    private readonly TestFolder _folder = new();
    private CompanyProvider _provider = null!;
    private CompanyProvider? _partner;
    private RecordingServer _crm = null!;
    private GatewayHost _host = null!;

    public Task InitializeAsync() => NodePackages.Missing is null ? StartAsync() : Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        if (_crm is not null)
            await _crm.DisposeAsync();
        if (_provider is not null)
            await _provider.DisposeAsync();
        if (_partner is not null)
            await _partner.DisposeAsync();
    }

    private async Task StartAsync(bool isPairwise = false, bool hasPartner = false)
    {
        _provider = await CompanyProvider.StartAsync(isPairwise: isPairwise);
        _partner = hasPartner ? await CompanyProvider.StartAsync() : null;
        _crm = await RecordingServer.StartAsync();
        _crm.Answer = static (http, request) => RecordingServer.JsonAsync(
            http, """{"jsonrpc":"2.0","id":ID,"result":{"content":[{"type":"text","text":"done"}]}}""".Replace(
                "ID", JsonDocument.Parse(request.Body).RootElement.GetProperty("id").GetRawText(),
                StringComparison.Ordinal));
        var partnerProvider = _partner is null ? "" : $", \"partner\": {Provider(_partner)}";
        var partnerIssuer = _partner is null
            ? "" : $$""", "partner": { "issuer": "{{_partner.Issuer}}", "audience": "gateway" }""";
        var config = Path.Combine(_folder.Path, "gateway.json");
        await File.WriteAllTextAsync(config, $$"""
            {
              "servers": { "crm": { "url": "{{_crm.Url}}" } },
              "policies": { "asks": { "version": "1", "default": "allow", "tools": { "refund": {
                "action": "approve", "approval": { "wait": "0s", "not": "caller" } } } } },
              "admin": { "key": "{{AdminKey}}", "providers": {
                "company": {{Provider(_provider)}}{{partnerProvider}} } },
              "identity": { "issuers": {
                "corp": { "issuer": "{{_provider.Issuer}}", "audience": "gateway" }{{partnerIssuer}} } },
              "grants": {
                "agent": { "server": "crm", "policy": "asks", "token": "{{TestTokens.Agent}}" },
                "staff": { "server": "crm", "policy": "asks", "order": 1, "match": { "issuer": "corp" } }
              }
            }
            """);
        _host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                Extensions = DefaultExtensions.All,
                DataDirectory = Path.Combine(_folder.Path, "data"),
                Listen = ["http://127.0.0.1:0"],
                Quiet = true,
                ConfigFile = new() { Path = config },
            },
            CancellationToken.None);
    }

    public void Dispose() => _folder.Dispose();

    private static string Provider(CompanyProvider provider) => $$"""
        { "issuer": "{{provider.Issuer}}", "clientId": "{{OpenIdProvider.ClientId}}",
          "clientSecret": "{{OpenIdProvider.ClientSecret}}", "roles": { "*": ["approver"] } }
        """;

    [NodeFact]
    public async Task Only_another_subject_of_the_callers_issuer_may_approve()
    {
        var token = await _provider.TokenAsync("s-1");
        var id = (await CallAsync(token))!;
        using var ana = await SignInAsync("s-1", "ana");
        using var ben = await SignInAsync("s-2", "ben");

        var own = await ApproveAsync(ana, id);

        Assert.Equal((403, "Another person is needed"), (own.Status, (string?)own.Json!["title"]));
        Assert.Contains("You are the caller", (string?)own.Json["detail"], StringComparison.Ordinal);
        // A key of the same person is the same person.
        using (var key = await KeyAsync("ana"))
            Assert.Equal(403, (await ApproveAsync(key, id)).Status);
        using (var breakGlass = Client(AdminKey))
        {
            var unknown = await ApproveAsync(breakGlass, id);
            Assert.Equal(403, unknown.Status);
            Assert.Contains("names no operator", (string?)unknown.Json!["detail"], StringComparison.Ordinal);
        }

        await AdminAsync("operators", """{ "name": "local", "roles": ["approver"] }""");
        using (var local = await KeyAsync("local"))
        {
            var unlinked = await ApproveAsync(local, id);
            Assert.Equal(403, unlinked.Status);
            Assert.Contains("not linked to a subject", (string?)unlinked.Json!["detail"], StringComparison.Ordinal);
        }

        Assert.Equal(id, await CallAsync(token));
        var approved = await ApproveAsync(ben, id);
        Assert.True(approved.Status == 200, approved.Json?.ToJsonString());
        Assert.Equal(
            ("caller", "s-1", _provider.Issuer),
            ((string?)approved.Json!["not"], (string?)approved.Json["caller"], (string?)approved.Json["callerIssuer"]));
        Assert.Null(await CallAsync(token));
        Assert.Single(_crm.Requests);
    }

    [NodeFact]
    public async Task Task_waits_until_another_person_who_may_approve_does()
    {
        var token = await _provider.TokenAsync("s-1");
        var created = await SendAsync(token, "tools/call", """{"name":"refund"}""", "refund", Tasks);
        var task = (string)created["result"]!["taskId"]!;
        using var admin = Client(AdminKey);
        var open = JsonNode.Parse(await admin.GetStringAsync("/api/v1/approvals?state=open"))!;
        var id = (string)open["items"]![0]!["id"]!;
        using var nobody = Client(null);
        using var agent = Client(token);
        await AdminAsync("operators", """{ "name": "watcher", "roles": ["viewer"] }""");
        using var viewer = await KeyAsync("watcher");
        using var ana = await SignInAsync("s-1", "ana");
        using var ben = await SignInAsync("s-2", "ben");

        foreach (var (who, status) in
            ((HttpClient, int)[])[(nobody, 401), (agent, 401), (viewer, 403), (ana, 403), (admin, 403)])
        {
            Assert.Equal(status, (await ApproveAsync(who, id)).Status);
            // The address of the link is a page that is the same for everybody, and takes no decision.
            using (var page = await who.GetAsync($"/console/?id={id}"))
                Assert.DoesNotContain("refund", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            using (var posted = await who.PostAsync("/console/", new FormUrlEncodedContent([new("approve", id)])))
                Assert.False(posted.IsSuccessStatusCode);
            Assert.Equal("working", (string?)(await StateAsync(token, task))["status"]);
            Assert.Empty(_crm.Requests);
        }

        Assert.Equal(200, (await ApproveAsync(ben, id)).Status);

        await Soon.UntilAsync(
            async () => (string?)(await StateAsync(token, task))["status"] != "working", "the task has ended");
        var ended = await StateAsync(token, task);
        Assert.True("done" == (string?)ended["result"]?["content"]![0]!["text"], ended.ToJsonString());
        Assert.Single(_crm.Requests);
    }

    [NodeFact]
    public async Task The_caller_may_deny_its_own_call_but_not_suggest_another()
    {
        var token = await _provider.TokenAsync("s-1");
        var id = (await CallAsync(token))!;
        using var ana = await SignInAsync("s-1", "ana");

        Assert.Equal(403, (await SendAsync(
            ana, $"approvals/{id}/deny", """{ "suggestedArguments": { "amount": 4 } }""")).Status);

        Assert.Equal(200, (await SendAsync(ana, $"approvals/{id}/deny", "{}")).Status);
    }

    [NodeFact]
    public async Task A_standing_approval_of_another_person_admits_the_callers_calls()
    {
        var token = await _provider.TokenAsync("s-1");
        var id = (await CallAsync(token))!;
        using var ana = await SignInAsync("s-1", "ana");
        using var ben = await SignInAsync("s-2", "ben");
        const string standing = """{ "standing": { "next": 3, "for": "10m" } }""";

        Assert.Equal(403, (await SendAsync(ana, $"approvals/{id}/approve", standing)).Status);
        Assert.Equal(200, (await SendAsync(ben, $"approvals/{id}/approve", standing)).Status);

        Assert.Null(await CallAsync(token));
        Assert.Null(await CallAsync(token));
        Assert.Equal(2, _crm.Requests.Count);
    }

    [NodeFact]
    public async Task A_delegate_of_the_caller_may_not_approve_the_callers_call_for_the_caller()
    {
        var token = await _provider.TokenAsync("s-1");
        var id = (await CallAsync(token))!;
        using var ana = await SignInAsync("s-1", "ana");
        using var ben = await SignInAsync("s-2", "ben");
        using var carl = await SignInAsync("s-3", "carl");
        // With no role of its own, the account decides only for others.
        await AdminAsync("operators/carl", $$"""
            { "roles": [], "identity": { "issuer": "{{_provider.Issuer}}", "subject": "s-3" } }
            """, HttpMethod.Patch);
        const string away = """{ "until": "1h", "delegate": "carl" }""";
        await AdminAsync("operators/ana/absence", away, HttpMethod.Put);

        var forAna = await ApproveAsync(carl, id);

        Assert.Equal(403, forAna.Status);
        Assert.Contains("does not let ana approve", (string?)forAna.Json!["detail"], StringComparison.Ordinal);
        await AdminAsync("operators/ben/absence", away, HttpMethod.Put);
        var forBen = await SendAsync(
            carl, $"approvals/{id}/approve", """{ "standing": { "next": 3, "for": "10m" } }""");
        Assert.Equal((200, "ben"), (forBen.Status, (string?)forBen.Json!["answeredAs"]!["onBehalfOf"]));
        Assert.Null(await CallAsync(token));
        Assert.Null(await CallAsync(token));
        // A call of carl's own is not approved by carl for ben either.
        var own = (await CallAsync(await _provider.TokenAsync("s-3")))!;
        Assert.Equal(403, (await ApproveAsync(carl, own)).Status);
        Assert.Equal(2, _crm.Requests.Count);
    }

    [NodeFact]
    public async Task Nobody_may_approve_the_call_of_a_grants_own_token()
    {
        var id = (await CallAsync(TestTokens.Agent))!;
        using var ben = await SignInAsync("s-2", "ben");

        var refused = await ApproveAsync(ben, id);

        Assert.Equal(403, refused.Status);
        Assert.Contains("identifies no person", (string?)refused.Json!["detail"], StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task Subjects_of_a_provider_that_differ_by_client_show_nothing()
    {
        await DisposeAsync();
        await StartAsync(isPairwise: true);
        var id = (await CallAsync(await _provider.TokenAsync("s-1")))!;
        using var ben = await SignInAsync("s-2", "ben");

        Assert.Equal(403, (await ApproveAsync(ben, id)).Status);
    }

    [NodeFact]
    public async Task An_operator_of_another_issuer_may_deny_but_not_approve()
    {
        await DisposeAsync();
        await StartAsync(hasPartner: true);
        var id = (await CallAsync(await _provider.TokenAsync("s-1")))!;
        // The other subject may be the same person, or not: nothing links the issuers.
        using var eve = await SignInAsync("s-2", "eve", _partner!, "partner");

        var refused = await ApproveAsync(eve, id);

        Assert.Equal(403, refused.Status);
        Assert.Contains(
            $"not linked to a subject of {_provider.Issuer}", (string?)refused.Json!["detail"],
            StringComparison.Ordinal);
        Assert.Equal(200, (await SendAsync(eve, $"approvals/{id}/deny", "{}")).Status);
        Assert.Empty(_crm.Requests);
    }

    /// <summary>Returns the id of the request for approval; null if the call went through.</summary>
    private async Task<string?> CallAsync(string token)
    {
        var answer = await SendAsync(
            token, "tools/call", """{"name":"refund","arguments":{"amount":5}}""", "refund", "{}");
        return (string?)answer["result"]!["_meta"]?["policy-gateway/decision"]?["approvalId"];
    }

    private async Task<JsonNode> StateAsync(string token, string task) =>
        (await SendAsync(token, "tasks/get", $$"""{"taskId":"{{task}}"}""", task, Tasks))["result"]!;

    private async Task<JsonNode> SendAsync(
        string token, string method, string parameters, string name, string capabilities)
    {
        using var client = Client(token);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp/crm")
        {
            Content = new StringContent(
                $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":"""
                    + $"{parameters[..^1]},{Meta.Trim()}{capabilities}}}}}}}",
                Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", method);
        request.Headers.Add("Mcp-Name", name);
        using var response = await client.SendAsync(request);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    private Task<HttpClient> SignInAsync(string subject, string name) =>
        SignInAsync(subject, name, _provider, "company");

    private async Task<HttpClient> SignInAsync(string subject, string name, CompanyProvider at, string provider)
    {
        await at.SetPersonAsync(subject, name);
        var browser = Client(null);
        using var begun = await browser.GetAsync($"/api/v1/session/providers/{provider}?return=%2F");
        var back = await CompanyProvider.ReturnAsync(begun.Headers.Location!.AbsoluteUri);
        using var done = await browser.GetAsync(back);
        Assert.True(done.StatusCode == HttpStatusCode.SeeOther, await done.Content.ReadAsStringAsync());
        using var session = await browser.GetAsync("/api/v1/session");
        var who = JsonNode.Parse(await session.Content.ReadAsStringAsync())!;
        browser.DefaultRequestHeaders.Add("X-CSRF-Token", (string?)who["csrf"]);
        return browser;
    }

    private async Task<HttpClient> KeyAsync(string name) =>
        Client((string?)(await AdminAsync($"operators/{name}/keys", """{ "name": "own" }"""))!["key"]);

    private async Task<JsonNode?> AdminAsync(string path, string body, HttpMethod? method = null)
    {
        using var admin = Client(AdminKey);
        admin.DefaultRequestHeaders.IfMatch.Add(EntityTagHeaderValue.Any);
        var (status, json) = await SendAsync(admin, path, body, method);
        Assert.True(status is 200 or 201, json?.ToJsonString());
        return json;
    }

    private static Task<(int Status, JsonNode? Json)> ApproveAsync(HttpClient who, string id) =>
        SendAsync(who, $"approvals/{id}/approve", "{}");

    private static async Task<(int Status, JsonNode? Json)> SendAsync(
        HttpClient who, string path, string body, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, $"/api/v1/{path}")
        {
            Content = new StringContent(body, new MediaTypeHeaderValue("application/json")),
        };
        using var response = await who.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    private HttpClient Client(string? token)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(_host.Addresses[0]),
        };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }
}

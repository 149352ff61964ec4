using Gateway.Admin.Answers;
using Gateway.Control.Contracts;

namespace Gateway.Server.Tests.Admin;

/// <summary>PATCH as JSON merge patch (RFC 7396).</summary>
public sealed class MergePatchTests : IAsyncLifetime
{
    private AdminBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync();
        await _bench.ProvideAsync();
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    /// <summary>The examples of RFC 7396, appendix A, whose target and patch are objects.</summary>
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", "{}")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("{}", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void A_patch_applies_as_the_standard_says(string target, string patch, string merged)
    {
        var before = JsonNode.Parse(target)!.AsObject();

        Assert.Equal(merged, MergePatch.Apply(before, JsonNode.Parse(patch)!.AsObject()).ToJsonString());

        Assert.Equal(target, before.ToJsonString());
    }

    [Theory]
    [InlineData("toolsAs", "tools_as")]
    [InlineData("tools_as", "toolsAs")]
    public async Task A_renamed_member_has_both_names(string name, string other)
    {
        var set = await PatchAsync($$"""{ "{{name}}": "search" }""");
        var body = new JsonObject { ["expires"] = null };
        foreach (var member in new[] { "servers", "toolsAs", "tools_as" })
            body[member] = set.Json![member]!.DeepClone();
        var whole = await _bench.SendAsync("PUT", "grants/bot", body, "*");
        var differing = await PatchAsync($$"""{ "{{name}}": "list", "{{other}}": "search" }""");
        var removed = await PatchAsync($$"""{ "{{name}}": null }""");

        Assert.All([set, whole], one => Assert.Equal(
            ("search", "search"), ((string?)one.Json![name], (string?)one.Json[other])));
        Assert.Equal(422, differing.Status);
        Assert.Contains("former name of \"toolsAs\"", differing.Json!.ToJsonString().Replace("\\u0022", "\"",
            StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Null(removed.Json![other]);
    }

    [Fact]
    public async Task A_grant_changes_in_the_members_that_are_named_only()
    {
        await _bench.SendAsync("PUT", "servers/erp", new JsonObject { ["url"] = "http://127.0.0.1:9/mcp" });
        await _bench.SendAsync("POST", "grants/bot/pause");

        var ends = await PatchAsync("""{ "expires": "30d", "tools_as": "search" }""");
        var reached = await PatchAsync("""{ "servers": { "erp": { "deny": true } } }""");
        var endless = await PatchAsync("""{ "expires": null }""");
        var less = await PatchAsync("""{ "servers": { "crm": null }, "tools_as": null }""");

        Assert.NotNull(ends.Json!["expires"]);
        Assert.Equal("search", (string?)reached.Json!["tools_as"]);
        Assert.Equal((string?)ends.Json["expires"], (string?)reached.Json["expires"]);
        Assert.Equal("""{"crm":"limited","erp":null}""", reached.Json["servers"]!.ToJsonString());
        Assert.Null(endless.Json!["expires"]);
        Assert.Equal("""{"erp":null}""", less.Json!["servers"]!.ToJsonString());
        Assert.Null(less.Json["tools_as"]);
        Assert.All([ends, reached, endless, less], static one => Assert.Equal("paused", (string?)one.Json!["status"]));
        Assert.Equal(4, _bench.Changes().Count(static one => one.GetProperty("action").GetString() == "patch"));
    }

    [Fact]
    public async Task A_description_is_set_kept_by_put_and_removed()
    {
        var set = await PatchAsync("""{ "description": "for the support team" }""");
        var kept = await _bench.SendAsync(
            "PUT", "grants/bot", JsonNode.Parse("""{ "servers": { "crm": "limited" }, "expires": null }"""), "*");
        var tooLong = await PatchAsync($$"""{ "description": "{{new string('x', 1025)}}" }""");
        var longest = await PatchAsync($$"""{ "description": "{{string.Concat(Enumerable.Repeat("😀", 1024))}}" }""");
        var empty = await _bench.SendAsync("PUT", "grants/bot",
            JsonNode.Parse("""{ "servers": { "crm": "limited" }, "expires": null, "description": "" }"""), "*");
        await PatchAsync("""{ "description": "again" }""");
        var removed = await PatchAsync("""{ "description": null }""");

        Assert.Equal("for the support team", (string?)set.Json!["description"]);
        Assert.Equal("for the support team", (string?)kept.Json!["description"]);
        Assert.Equal((422, "/description"), (tooLong.Status, (string?)tooLong.Json!["errors"]![0]!["pointer"]));
        Assert.Equal(200, longest.Status);
        Assert.Null(empty.Json!["description"]);
        Assert.Null(removed.Json!["description"]);
        var listed = await _bench.SendAsync("GET", "grants?q=bot");
        Assert.Null(Assert.Single(listed.Json!["items"]!.AsArray())!["description"]);
    }

    [Fact]
    public async Task An_empty_text_removes_any_text_of_a_server_but_its_address()
    {
        string[] texts =
        [
            .. ServerInput.Members.Where(static one => one.Kind is MemberKind.Text or MemberKind.Choice)
                .Select(static one => one.Name).Where(static name => name != "url"),
        ];
        var values = new JsonObject
        {
            ["transport"] = "http",
            ["host"] = "crm.example.com",
            ["oauthPolicy"] = "limited",
            ["auth"] = "oauth",
        };
        Assert.Equal(texts.Order(), values.Select(static one => one.Key).Order());

        var set = await _bench.SendAsync("PATCH", "servers/crm", values, "*");
        var empty = new JsonObject(texts.Select(static name => KeyValuePair.Create(name, (JsonNode?)"")));
        var removed = await _bench.SendAsync("PATCH", "servers/crm", empty, "*");

        Assert.Equal((200, 200), (set.Status, removed.Status));
        Assert.All(texts, name => Assert.Equal((string?)values[name], (string?)set.Json![name]));
        Assert.All(texts, name => Assert.Null(removed.Json![name]));
    }

    [Fact]
    public async Task Virtual_tools_are_merged_and_removed()
    {
        await PatchAsync("""
            { "virtual_tools": { "crm": { "find": { "tool": "list_customers", "description": "a" } } } }
            """);
        var merged = await PatchAsync("""{ "virtual_tools": { "crm": { "find": { "description": "b" } } } }""");
        var unreached = await PatchAsync("""{ "servers": { "crm": null, "erp": "limited" } }""");
        var removed = await PatchAsync("""{ "virtual_tools": null }""");

        Assert.Equal(("list_customers", "b"), (
            (string?)merged.Json!["virtual_tools"]!["crm"]!["find"]!["tool"],
            (string?)merged.Json["virtual_tools"]!["crm"]!["find"]!["description"]));
        Assert.Equal(422, unreached.Status);
        Assert.Null(removed.Json!["virtual_tools"]);
    }

    [Theory]
    [InlineData("""{ "expire": null }""", "/expire")]
    [InlineData("""{ "expire": "30d", "expires": "30d" }""", "/expire")]
    [InlineData("""{ "tokenHash": null }""", "/tokenHash")]
    [InlineData("""{ "a/b~c": 1 }""", "/a~1b~0c")]
    public async Task An_unknown_member_is_rejected_with_its_location(string patch, string pointer)
    {
        var before = await _bench.SendAsync("GET", "grants/bot");

        var reply = await PatchAsync(patch);

        Assert.Equal(400, reply.Status);
        Assert.Equal(pointer, (string?)reply.Json!["errors"]![0]!["pointer"]);
        Assert.Contains(pointer, (string?)reply.Json["detail"], StringComparison.Ordinal);
        Assert.Equal(before.ETag, (await _bench.SendAsync("GET", "grants/bot")).ETag);
    }

    [Theory]
    [InlineData("grants/bot", """{ "servers": {} , "servers": { "crm": null } }""", 400)]
    [InlineData("grants/bot", "[]", 400)]
    [InlineData("grants/bot", "null", 400)]
    [InlineData("grants/bot", "{", 400)]
    [InlineData("grants/bot", """{ "servers": null }""", 400)]
    [InlineData("grants/bot", """{ "servers": { "crm": null } }""", 422)]
    [InlineData("grants/bot", """{ "servers": { "none": "limited" } }""", 422)]
    [InlineData("grants/bot", """{ "servers": { "crm": "none" } }""", 422)]
    [InlineData("grants/bot", """{ "servers": { "crm": 1 } }""", 400)]
    [InlineData("grants/bot", """{ "expires": "yesterday" }""", 422)]
    [InlineData("grants/bot", """{ "expires": "2001-01-01T00:00:00Z" }""", 422)]
    [InlineData("grants/bot", """{ "name": "other" }""", 422)]
    [InlineData("grants/none", """{ "expires": null }""", 404)]
    [InlineData("operators/ana", """{ "roles": null }""", 400)]
    [InlineData("operators/ana", """{ "roles": ["king"] }""", 422)]
    [InlineData("operators/ana", """{ "password": null }""", 400)]
    [InlineData("operators/ana", """{ "identity": null }""", 400)]
    [InlineData("operators/ana", """{ "disabled": null }""", 400)]
    [InlineData("operators/ana", """{ "disabled": true }""", 400)]
    [InlineData("operators/ana", """{ "identity": { "issuer": "https://id.example" } }""", 400)]
    [InlineData("operators/ana", """{ "identity": { "isuer": null } }""", 400)]
    public async Task A_patch_that_cannot_be_applied_changes_nothing(string path, string patch, int status)
    {
        await _bench.KeyOfAsync("ana", "viewer");
        var before = (await _bench.SendAsync("GET", path)).ETag;
        using var content = new StringContent(patch, Encoding.UTF8, "application/merge-patch+json");

        Assert.Equal(status, (await PatchRawAsync(path, content)).Status);

        Assert.Equal(before, (await _bench.SendAsync("GET", path)).ETag);
    }

    [Theory]
    [InlineData("application/merge-patch+json", 200)]
    [InlineData("application/json", 200)]
    [InlineData("application/json-patch+json", 415)]
    [InlineData("text/plain", 415)]
    public async Task A_patch_is_read_in_its_own_type_and_as_plain_json(string type, int status)
    {
        using var content = new StringContent("""{ "expires": "30d" }""", Encoding.UTF8, type);

        Assert.Equal(status, (await PatchRawAsync("grants/bot", content)).Status);
    }

    [Fact]
    public async Task A_patch_needs_the_version_that_it_changes()
    {
        var etag = (await _bench.SendAsync("GET", "grants/bot")).ETag!;
        var patch = new JsonObject { ["expires"] = "30d" };

        Assert.Equal(428, (await _bench.SendAsync("PATCH", "grants/bot", patch)).Status);
        Assert.Equal(412, (await _bench.SendAsync("PATCH", "grants/bot", patch, "\"1\"")).Status);
        var changed = await _bench.SendAsync("PATCH", "grants/bot", patch, etag);
        Assert.Equal(200, changed.Status);
        Assert.NotEqual(etag, changed.ETag);
        Assert.Equal(412, (await _bench.SendAsync("PATCH", "grants/bot", patch, etag)).Status);
    }

    [Fact]
    public async Task A_patch_needs_the_role_of_a_put()
    {
        var viewer = await _bench.KeyOfAsync("vera", "viewer");
        var editor = await _bench.KeyOfAsync("ed", "editor");
        var grant = new JsonObject { ["expires"] = "30d" };
        var roles = new JsonObject { ["roles"] = new JsonArray("admin") };

        Assert.Equal(403, (await _bench.SendAsync("PATCH", "grants/bot", grant, "*", viewer)).Status);
        Assert.Equal(403, (await _bench.SendAsync("PATCH", "operators/ed", roles, "*", editor)).Status);
        Assert.Equal(200, (await _bench.SendAsync("PATCH", "grants/bot", grant, "*", editor)).Status);
    }

    [Fact]
    public async Task An_operator_keeps_what_a_patch_does_not_name()
    {
        var key = await _bench.KeyOfAsync("ana", "viewer");
        await _bench.SendAsync("PATCH", "operators/ana", JsonNode.Parse("""
            { "password": "a-long-password", "identity": { "issuer": "https://id.example", "subject": "1" } }
            """), "*");
        await _bench.SendAsync("POST", "operators/ana/disable");

        var named = await _bench.SendAsync(
            "PATCH", "operators/ana", new JsonObject { ["displayName"] = "Ana" }, "*");
        var linked = await _bench.SendAsync("PATCH", "operators/ana",
            JsonNode.Parse("""{ "identity": { "subject": "2" }, "displayName": null }"""), "*");

        Assert.Equal(("Ana", "disabled", true, "1"), (
            (string?)named.Json!["displayName"], (string?)named.Json["status"], (bool)named.Json["hasPassword"]!,
            (string?)named.Json["identity"]!["subject"]));
        Assert.Equal((null, "https://id.example", "2"), (
            (string?)linked.Json!["displayName"], (string?)linked.Json["identity"]!["issuer"],
            (string?)linked.Json["identity"]!["subject"]));
        Assert.Equal(401, (await _bench.SendAsync("GET", "grants", key: key)).Status);
        Assert.DoesNotContain(
            _bench.Changes(), static one => one.GetRawText().Contains("a-long-password", StringComparison.Ordinal));
    }

    private Task<AdminReply> PatchAsync(string patch) =>
        _bench.SendAsync("PATCH", "grants/bot", JsonNode.Parse(patch), "*");

    private async Task<AdminReply> PatchRawAsync(string path, HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/api/v1/" + path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _bench.AdminKey);
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var response = await _bench.Client.SendAsync(request);
        return new AdminReply(
            (int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync()),
            response.Headers.ETag?.Tag);
    }
}

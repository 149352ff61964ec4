namespace Gateway.Server.Tests.Admin;

/// <summary>Labels of grants over the API, and what a selector of them selects.</summary>
public sealed class LabelTests : IAsyncLifetime
{
    private AdminBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync();
        await _bench.ProvideAsync();
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Labels_are_merged_by_patch_kept_or_replaced_by_put_and_removed()
    {
        var set = await SendAsync("PATCH", """{ "labels": { "team": "support", "env": "prod" } }""");
        var merged = await SendAsync("PATCH", """{ "labels": { "env": null, "tier": "" } }""");
        var kept = await SendAsync("PUT", """{ "servers": { "crm": "limited" }, "expires": null }""");
        var replaced = await SendAsync(
            "PUT", """{ "servers": { "crm": "limited" }, "expires": null, "labels": { "a.example/b": "c" } }""");
        var emptied = await SendAsync(
            "PUT", """{ "servers": { "crm": "limited" }, "expires": null, "labels": {} }""");
        await SendAsync("PATCH", """{ "labels": { "team": "support" } }""");
        var removed = await SendAsync("PATCH", """{ "labels": null }""");

        Assert.Equal("""{"team":"support","env":"prod"}""", set.Json!["labels"]!.ToJsonString());
        Assert.Equal("""{"team":"support","tier":""}""", merged.Json!["labels"]!.ToJsonString());
        Assert.Equal("""{"team":"support","tier":""}""", kept.Json!["labels"]!.ToJsonString());
        Assert.Equal("""{"a.example/b":"c"}""", replaced.Json!["labels"]!.ToJsonString());
        Assert.Null(emptied.Json!["labels"]);
        Assert.Null(removed.Json!["labels"]);
    }

    [Theory]
    [InlineData("""{ "labels": { "a/b/c": "x" } }""", "/labels/a~1b~1c", "is not a valid key of a label; write")]
    [InlineData("""{ "labels": { "a": "x y" } }""", "/labels/a", "is not a valid value of a label; write")]
    public async Task A_label_out_of_bounds_is_refused_with_its_place(string patch, string pointer, string said)
    {
        var reply = await SendAsync("PATCH", patch);

        var error = Assert.Single(reply.Json!["errors"]!.AsArray())!;
        Assert.Equal((422, pointer), (reply.Status, (string?)error["pointer"]));
        Assert.Contains(said, (string?)error["message"], StringComparison.Ordinal);
        Assert.Null((await _bench.SendAsync("GET", "grants/bot")).Json!["labels"]);
    }

    [Fact]
    public async Task A_new_grant_cannot_have_a_label_without_a_value()
    {
        var reply = await _bench.SendAsync("POST", "grants", JsonNode.Parse(
            """{ "name": "new", "servers": { "crm": "limited" }, "labels": { "a": null } }"""));

        Assert.Equal((422, "/labels/a"), (reply.Status, (string?)reply.Json!["errors"]![0]!["pointer"]));
    }

    [Fact]
    public async Task The_list_has_the_grants_that_a_selector_selects_page_by_page()
    {
        foreach (var (name, labels) in new[]
        {
            ("a", """{ "team": "support" }"""), ("b", """{ "team": "sales" }"""), ("eve", """{ "team": "support" }"""),
        })
        {
            await _bench.SendAsync("POST", "grants", JsonNode.Parse(
                $$"""{ "name": "{{name}}", "servers": { "crm": "limited" }, "labels": {{labels}} }"""));
        }

        Assert.Equal(["a", "eve"], await NamesAsync("team=support"));
        Assert.Equal(["b", "bot"], await NamesAsync("team!=support"));
        Assert.Equal(["bot"], await NamesAsync("!team"));
        Assert.Empty(await NamesAsync("team=support,team=sales"));
        Assert.Equal(["eve"], await NamesAsync("team=support", "&q=eve&server=crm"));
        var first = (await _bench.SendAsync("GET", "grants?selector=team%3Dsupport&limit=1")).Json!;
        Assert.Equal((2, "a"), ((int)first["total"]!, (string?)first["items"]![0]!["name"]));
        Assert.Equal(["eve"], await NamesAsync("team=support", $"&limit=1&cursor={first["next"]}"));
    }

    [Theory]
    [InlineData("", "at character 1: a key is missing; write key, !key, key=value")]
    [InlineData("team in (a", "at character 11: \")\" is missing; write key, !key, key=value")]
    public async Task A_selector_that_cannot_be_read_is_refused_with_its_place(string selector, string said)
    {
        var listed = await _bench.SendAsync("GET", $"grants?selector={Uri.EscapeDataString(selector)}");
        var applied = await ApplyAsync("{}", $"prune=selected&selector={Uri.EscapeDataString(selector)}");

        Assert.All([listed, applied], reply =>
        {
            Assert.Equal(400, reply.Status);
            Assert.StartsWith($"\"selector\" cannot be read {said}", (string?)reply.Json!["detail"],
                StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Apply_prunes_no_grant_that_has_lost_the_label_and_nothing_but_grants()
    {
        await ApplyAsync("""
            { "lists": { "team": ["ana"] }, "grants": {
                "a": { "server": "crm", "policy": "limited", "labels": { "team": "x" } },
                "b": { "server": "crm", "policy": "limited", "labels": { "team": "x" } } } }
            """);
        await _bench.SendAsync("PATCH", "grants/b", JsonNode.Parse("""{ "labels": { "team": "y" } }"""), "*");

        var dry = await ApplyAsync("{}", "dryRun=true&prune=selected&selector=team%3Dx");
        var pruned = await ApplyAsync("{}", "prune=selected&selector=team%3Dx");
        AdminReply[] halves =
        [
            await ApplyAsync("{}", "selector=team%3Dy"), await ApplyAsync("{}", "prune=true&selector=team%3Dy"),
            await ApplyAsync("{}", "prune=selected"),
        ];

        const string Change = """[{"action":"delete","object":"grants/a"}]""";
        Assert.Equal(Change, dry.Json!["changes"]!.ToJsonString());
        Assert.Equal(Change, pruned.Json!["changes"]!.ToJsonString());
        Assert.All(halves, static half =>
        {
            Assert.Equal(400, half.Status);
            Assert.StartsWith("\"selector\" and prune=selected go together", (string?)half.Json!["detail"],
                StringComparison.Ordinal);
        });
        Assert.Equal(404, (await _bench.SendAsync("GET", "grants/a")).Status);
        Assert.Equal(200, (await _bench.SendAsync("GET", "grants/b")).Status);
        Assert.Equal(200, (await _bench.SendAsync("GET", "lists/team")).Status);
    }

    [Fact]
    public async Task Apply_compares_labels_and_removes_those_that_a_document_no_longer_has()
    {
        const string Labeled =
            """{ "grants": { "a": { "server": "crm", "policy": "limited", "labels": { "y": "1", "x": "2" } } } }""";
        string[] actions =
        [
            await ActionAsync(Labeled),
            await ActionAsync(Labeled.Replace("\"y\": \"1\", \"x\": \"2\"", "\"x\": \"2\", \"y\": \"1\"",
                StringComparison.Ordinal)),
            await ActionAsync("""{ "grants": { "a": { "server": "crm", "policy": "limited" } } }"""),
        ];

        Assert.Equal(["create", "unchanged", "change"], actions);
        Assert.Null((await _bench.SendAsync("GET", "grants/a")).Json!["labels"]);

        async Task<string> ActionAsync(string documents) =>
            (string)(await ApplyAsync(documents)).Json!["changes"]![0]!["action"]!;
    }

    private Task<AdminReply> SendAsync(string method, string body) =>
        _bench.SendAsync(method, "grants/bot", JsonNode.Parse(body), "*");

    private Task<AdminReply> ApplyAsync(string documents, string query = "") =>
        _bench.SendAsync("POST", $"apply?{query}", JsonNode.Parse(documents));

    private async Task<string[]> NamesAsync(string selector, string more = "")
    {
        var reply = await _bench.SendAsync("GET", $"grants?selector={Uri.EscapeDataString(selector)}{more}");
        return [.. reply.Json!["items"]!.AsArray().Select(static one => (string)one!["name"]!)];
    }
}

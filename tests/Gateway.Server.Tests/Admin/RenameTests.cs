namespace Gateway.Server.Tests.Admin;

/// <summary>A renamed server keeps everything that is kept of it.</summary>
public sealed class RenameTests
{
    private const string Approved = """
        { "version": "1", "default": "deny", "tools": { "list_customers": {
          "action": "approve", "approval": { "expires": "15m", "wait": "0s" } } } }
        """;

    [Fact]
    public async Task Rename_keeps_the_counter_the_grant_the_usage_and_the_history()
    {
        await using var bench = await AdminBench.StartAsync();
        var token = await bench.ProvideAsync();
        Assert.Equal((200, false), await bench.CallAsync(token));
        Assert.Equal((200, false), await bench.CallAsync(token));

        var renamed = await RenameAsync(bench, "crm", "customers");

        Assert.Equal(200, renamed.Status);
        Assert.Equal(
            """{"name":"customers","firstName":"crm","formerNames":["crm"],"grants":1,"dryRun":false}""",
            renamed.Json!.ToJsonString());
        var counter = Assert.Single((await ItemsAsync(bench, "counters?server=customers")))!;
        Assert.Equal(("customers", "2"), ((string?)counter["server"], (string?)counter["used"]));
        Assert.Equal((200, false), await bench.CallAsync(token, server: "customers"));
        Assert.Equal((200, true), await bench.CallAsync(token, server: "customers"));
        Assert.Equal((200, true), await bench.CallAsync(token, server: "crm"));

        var server = Assert.Single(await ItemsAsync(bench, "servers"))!;
        Assert.Equal(
            ("customers", "crm", "crm"),
            ((string?)server["name"], (string?)server["firstName"], (string?)server["formerNames"]![0]));
        var grant = (await bench.SendAsync("GET", "grants/bot")).Json!;
        Assert.Equal("""{"customers":"limited"}""", grant["servers"]!.ToJsonString());
        var usage = (await bench.SendAsync("GET", "usage?since=5m&by=server&server=customers")).Json!;
        Assert.Equal((5, 2), ((int)usage["calls"]!, (int)usage["refused"]!));
        Assert.Equal("customers", (string?)Assert.Single(usage["rows"]!.AsArray())!["name"]);
        var history = await ItemsAsync(bench, "history?object=servers/customers");
        Assert.Equal(["rename", "create"], history.Select(static one => (string?)one!["action"]));
        Assert.Equal("name crm -> customers", (string?)history[0]!["changes"]![0]);
        Assert.Equal("rename", bench.Changes()[^1].GetProperty("action").GetString());
    }

    [Fact]
    public async Task A_label_with_the_name_of_a_renamed_server_stays_as_it_was_written()
    {
        await using var bench = await AdminBench.StartAsync();
        await bench.ProvideAsync();
        await RenameAsync(bench, "crm", "customers");

        await bench.SendAsync("PATCH", "grants/bot", JsonNode.Parse(
            """{ "servers": { "customers": "limited" }, "labels": { "crm": "crm", "server": "customers" } }"""), "*");

        var grant = (await bench.SendAsync("GET", "grants/bot")).Json!;
        Assert.Equal("""{"customers":"limited"}""", grant["servers"]!.ToJsonString());
        Assert.Equal("""{"crm":"crm","server":"customers"}""", grant["labels"]!.ToJsonString());
        Assert.Single(await ItemsAsync(bench, "grants?selector=server%3Dcustomers"));
        Assert.Empty(await ItemsAsync(bench, "grants?selector=server%3Dcrm"));
    }

    [Fact]
    public async Task Rename_under_load_lets_exactly_the_maximum_through()
    {
        const int Max = 60;
        await using var upstream = await RecordingServer.StartAsync();
        await using var bench = await AdminBench.StartAsync();
        await bench.SendAsync("PUT", "servers/crm", new JsonObject { ["url"] = upstream.Url });
        await bench.SendAsync("PUT", "policies/limited", JsonNode.Parse(
            AdminBench.Limited.Replace("\"max\": 3", $"\"max\": {Max}", StringComparison.Ordinal)));
        var token = (string)(await bench.SendAsync("POST", "grants", AdminBench.GrantBody("bot"))).Json!["token"]!;
        var called = 0;
        var names = new[] { "crm", "customers", "clients" };

        var callers = Enumerable.Range(0, 4).Select(async caller =>
        {
            for (var call = 0; call < Max / 2; call++)
            {
                // A name that is still to come is 404; the others always lead to the server.
                var (status, isError) = await bench.CallAsync(token, server: names[(caller + call) % names.Length]);
                Assert.True(status is 200 or 404, $"{status}");
                if (status == 200 && !isError)
                    Interlocked.Increment(ref called);
            }
        }).ToList();
        string[] renames = ["customers", "clients", "crm", "clients", "customers", "clients"];
        var (now, refused) = ("crm", 0);
        foreach (var name in renames)
        {
            refused += (await RenameAsync(bench, now, name)).Status == 200 ? 0 : 1;
            now = name;
        }

        await Task.WhenAll(callers);
        // Whatever was 404 above is called again now, and more than that.
        for (var call = 0; call < Max; call++)
            called += await bench.CallAsync(token, server: "clients") == (200, false) ? 1 : 0;

        var received = upstream.Requests.Count(
            static one => one.Text.Contains("\"tools/call\"", StringComparison.Ordinal));
        Assert.Equal((0, Max, Max), (refused, called, received));
    }

    [Fact]
    public async Task Approvals_from_before_a_rename_are_used_after_it()
    {
        await using var bench = await AdminBench.StartAsync();
        await bench.ProvideAsync();
        await bench.SendAsync("PUT", "policies/limited", JsonNode.Parse(Approved), "*");
        var token = (string)(await bench.SendAsync("POST", "grants", AdminBench.GrantBody("other"))).Json!["token"]!;
        Assert.Equal((200, true), await bench.CallAsync(token, """{"page":1}"""));
        Assert.Equal((200, true), await bench.CallAsync(token, """{"page":2}"""));
        var open = await ItemsAsync(bench, "approvals?state=open");
        var standing = await bench.SendAsync(
            "POST", $"approvals/{open[0]!["id"]}/approve",
            JsonNode.Parse("""{"standing":{"next":3,"for":"1h"}}"""));
        Assert.True(standing.Status == 200, standing.Json?.ToJsonString());
        var asked = await ItemsAsync(bench, "approvals?state=open");

        Assert.Equal(200, (await RenameAsync(bench, "crm", "customers")).Status);

        Assert.All(asked, one => Assert.Equal("crm", (string?)one!["server"]));
        Assert.Equal(
            ["customers"],
            (await ItemsAsync(bench, "approvals/standing")).Select(static one => (string?)one!["server"]));
        foreach (var one in await ItemsAsync(bench, "approvals?state=open"))
        {
            Assert.Equal("customers", (string?)one!["server"]);
            var answered = await bench.SendAsync("POST", $"approvals/{one["id"]}/approve", new JsonObject());
            Assert.Equal(200, answered.Status);
        }

        Assert.Equal((200, false), await bench.CallAsync(token, """{"page":1}""", "customers"));
        Assert.Equal((200, false), await bench.CallAsync(token, """{"page":2}""", "customers"));
        // One of the two has a standing approval, and the other needs a new one.
        Assert.NotEqual(
            await bench.CallAsync(token, """{"page":1}""", "customers"),
            await bench.CallAsync(token, """{"page":2}""", "customers"));
    }

    [Fact]
    public async Task Requests_may_use_the_new_name_everywhere()
    {
        await using var bench = await AdminBench.StartAsync();
        await bench.ProvideAsync();
        var first = await bench.KeyOfAsync("ana", "editor:crm");
        Assert.Equal(200, (await RenameAsync(bench, "crm", "customers")).Status);
        var second = await bench.KeyOfAsync("ben", "editor:customers");

        foreach (var key in (string[])[first, second])
        {
            Assert.Equal(200, (await bench.SendAsync("POST", "servers/customers/pause", key: key)).Status);
            Assert.Equal(200, (await bench.SendAsync("POST", "servers/customers/resume", key: key)).Status);
            // The new name is one of the whole gateway.
            Assert.Equal(403, (await RenameAsync(bench, "customers", "mine", key: key)).Status);
        }

        Assert.Equal(
            "editor:customers", (string?)(await bench.SendAsync("GET", "operators/ana")).Json!["roles"]![0]);
        var body = new JsonObject { ["name"] = "new", ["servers"] = new JsonObject { ["customers"] = "limited" } };
        Assert.Equal(201, (await bench.SendAsync("POST", "grants", body)).Status);
        const string Policy = "{ \"version\" : \"1\",  \"default\":\"deny\", \"tools\": {\"crm\": { }} }";
        var applied = await bench.SendAsync("POST", "apply", JsonNode.Parse($$"""
            { "servers": { "customers": { "url": "{{bench.Server.Address}}" } },
              "policies": { "p": {{Policy}} },
              "grants": { "made": { "servers": { "customers": "p" } } } }
            """));
        Assert.True(applied.Status == 200, applied.Json?.ToJsonString());
        Assert.Equal(
            ["unchanged servers/customers", "create policies/p", "create grants/made"],
            applied.Json!["changes"]!.AsArray().Select(static one => $"{one!["action"]} {one["object"]}"));
        Assert.Equal(2, (await ItemsAsync(bench, "grants?server=customers")).Count(
            static one => (string?)one!["name"] is "new" or "made"));
    }

    [Fact]
    public async Task A_name_in_use_by_another_server_or_reserved_is_refused()
    {
        const string File = """
            { "servers": { "filed": { "url": "http://127.0.0.1:9/mcp" } } }
            """;
        await using var bench = await AdminBench.StartAsync(File);
        await bench.ProvideAsync();
        await bench.SendAsync("PUT", "servers/wiki", new JsonObject { ["url"] = "http://127.0.0.1:9/mcp" });
        Assert.Equal(200, (await RenameAsync(bench, "crm", "customers")).Status);

        await RefusedAsync(409, "is defined in the configuration file", "filed", "other");
        await RefusedAsync(409, "The server \"filed\" already exists", "wiki", "filed");
        await RefusedAsync(409, "The server \"wiki\" already exists", "customers", "wiki");
        await RefusedAsync(409, "The server \"customers\" already exists", "wiki", "customers");
        await RefusedAsync(409, "\"crm\" is a former name of the server \"customers\"", "wiki", "crm");
        await RefusedAsync(422, "already", "customers", "customers");
        await RefusedAsync(422, "not valid", "customers", "no/name");
        await RefusedAsync(404, "nobody", "nobody", "somebody");
        var body = new JsonObject { ["url"] = "http://127.0.0.1:9/mcp" };
        var put = await bench.SendAsync("PUT", "servers/crm", body, "*");
        Assert.Equal((409, "Name reserved"), (put.Status, (string?)put.Json!["title"]));
        var dry = await bench.SendAsync(
            "POST", "servers/wiki/rename?dryRun=true", new JsonObject { ["name"] = "pages" });
        Assert.Equal((200, true), (dry.Status, (bool)dry.Json!["dryRun"]!));
        Assert.Equal(404, (await bench.SendAsync("GET", "servers/pages")).Status);

        async Task RefusedAsync(int status, string why, string name, string to)
        {
            var reply = await RenameAsync(bench, name, to);
            Assert.Equal(status, reply.Status);
            Assert.Contains(why, (string?)reply.Json!["detail"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_release_that_does_not_know_the_new_name_goes_on_with_the_counter()
    {
        await using var bench = await AdminBench.StartAsync();
        var token = await bench.ProvideAsync();
        for (var call = 0; call < 3; call++)
            Assert.Equal((200, false), await bench.CallAsync(token));
        Assert.Equal(200, (await RenameAsync(bench, "crm", "customers")).Status);

        // A restart keeps the name.
        await bench.RestartAsync(static () => { }, TimeProvider.System);
        Assert.Equal((200, true), await bench.CallAsync(token, server: "customers"));

        // A release from before this document reads everything else, all under the first name.
        var names = Path.Combine(bench.Folder, "data", "control", "server-names");
        await bench.RestartAsync(() => Directory.Delete(names, recursive: true), TimeProvider.System);
        Assert.Equal(404, (await bench.CallAsync(token, server: "customers")).Status);
        Assert.Equal((200, true), await bench.CallAsync(token, server: "crm"));
    }

    [Fact]
    public async Task Deleting_a_renamed_server_frees_its_names()
    {
        await using var bench = await AdminBench.StartAsync();
        await bench.SendAsync("PUT", "servers/crm", new JsonObject { ["url"] = "http://127.0.0.1:9/mcp" });
        Assert.Equal(200, (await RenameAsync(bench, "crm", "customers")).Status);

        Assert.Equal(204, (await bench.SendAsync("DELETE", "servers/customers", ifMatch: "*")).Status);

        var made = await bench.SendAsync("PUT", "servers/crm", new JsonObject { ["url"] = "http://127.0.0.1:9/mcp" });
        Assert.Equal((201, "crm"), (made.Status, (string?)made.Json!["name"]));
        var other = await bench.SendAsync(
            "PUT", "servers/customers", new JsonObject { ["url"] = "http://127.0.0.1:9/mcp" });
        Assert.Equal((201, "customers"), (other.Status, (string?)other.Json!["name"]));
    }

    private static Task<AdminReply> RenameAsync(AdminBench bench, string name, string to, string? key = null) =>
        bench.SendAsync("POST", $"servers/{name}/rename", new JsonObject { ["name"] = to }, key: key);

    private static async Task<JsonArray> ItemsAsync(AdminBench bench, string path) =>
        (await bench.SendAsync("GET", path)).Json!["items"]!.AsArray();
}

namespace Gateway.Server.Tests.Admin;

/// <summary>Lists that policies name, changed by the operator while agents call.</summary>
public sealed class ListTests : IAsyncLifetime
{
    private AdminBench _bench = null!;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Sets_shows_changes_and_removes_a_list()
    {
        var created = await _bench.SendAsync("PUT", "lists/people", Values("ana", "bo", "ana"));
        Assert.Equal((201, 2), (created.Status, (int)created.Json!["count"]!));

        Assert.Equal(428, (await _bench.SendAsync("PUT", "lists/people", Values("x"))).Status);
        Assert.Equal(412, (await _bench.SendAsync("PUT", "lists/people", Values("x"), "\"1\"")).Status);
        var replaced = await _bench.SendAsync("PUT", "lists/people", Values("cy"), created.ETag);
        Assert.Equal((200, 1), (replaced.Status, (int)replaced.Json!["count"]!));

        var added = await _bench.SendAsync("POST", "lists/people/add", Values("cy", "di", "+1 é"));
        Assert.Equal((3, 2), ((int)added.Json!["count"]!, (int)added.Json["changed"]!));
        var again = await _bench.SendAsync("POST", "lists/people/add", Values("di"));
        Assert.Equal((200, 0), (again.Status, (int)again.Json!["changed"]!));
        Assert.Equal(added.ETag, again.ETag);
        var removed = await _bench.SendAsync("POST", "lists/people/remove", Values("cy", "nobody"));
        Assert.Equal((2, 1), ((int)removed.Json!["count"]!, (int)removed.Json["changed"]!));

        var shown = await _bench.SendAsync("GET", "lists/people");
        Assert.Equal(["di", "+1 é"], shown.Json!["values"]!.AsArray().Select(value => (string)value!));
        Assert.Equal(removed.ETag, shown.ETag);
        Assert.Equal("people", (string?)(await _bench.SendAsync("GET", "lists")).Json!["items"]![0]!["name"]);

        Assert.Equal(428, (await _bench.SendAsync("DELETE", "lists/people")).Status);
        Assert.Equal(204, (await _bench.SendAsync("DELETE", "lists/people", ifMatch: shown.ETag)).Status);
        Assert.Equal(404, (await _bench.SendAsync("GET", "lists/people")).Status);
        Assert.Equal(404, (await _bench.SendAsync("POST", "lists/people/add", Values("x"))).Status);
    }

    [Fact]
    public async Task Puts_every_change_on_record()
    {
        await _bench.SendAsync("PUT", "lists/people", Values("ana"));
        await _bench.SendAsync("POST", "lists/people/add", Values("bo"));
        await _bench.SendAsync("POST", "lists/people/remove", Values("ana"));
        await _bench.SendAsync("DELETE", "lists/people", ifMatch: "*");

        var made = _bench.Changes().Where(change => change.GetProperty("object").GetString() == "lists/people")
            .Select(static change =>
                $"{change.GetProperty("action")} {Member(change, "before")}>{Member(change, "after")}");
        Assert.Equal(
            [
                """create >{"values":["ana"]}""", """add >{"values":["bo"]}""", """remove >{"values":["ana"]}""",
                """delete {"values":["bo"]}>""",
            ],
            made);

        static string Member(JsonElement change, string name) =>
            change.TryGetProperty(name, out var value) ? value.GetRawText() : "";
    }

    [Fact]
    public async Task Loses_no_value_that_operators_add_at_the_same_time()
    {
        await _bench.SendAsync("PUT", "lists/people", Values());

        var added = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
            _bench.SendAsync("POST", "lists/people/add", Values($"p{i}"))));

        Assert.All(added, static reply => Assert.Equal(200, reply.Status));
        var shown = (await _bench.SendAsync("GET", "lists/people")).Json!["values"]!.AsArray();
        Assert.Equal(Enumerable.Range(0, 6).Select(i => $"p{i}"), shown.Select(value => (string)value!).Order());
    }

    [Fact]
    public async Task Refuses_a_policy_whose_list_is_not_there_and_keeps_a_list_that_one_names()
    {
        var policy = Policy("people", "number");
        var refused = await _bench.SendAsync("PUT", "policies/p", policy);
        Assert.Equal(422, refused.Status);
        var place = refused.Json!["errors"]![0]!;
        Assert.Equal("/tools/list_customers/require/0/list", (string?)place["pointer"]);
        Assert.StartsWith("there is no list \"people\"", (string?)place["message"], StringComparison.Ordinal);

        await _bench.SendAsync("PUT", "lists/people", Values("ana"));
        Assert.Equal(422, (await _bench.SendAsync("PUT", "policies/p", policy)).Status);
        await _bench.SendAsync("PUT", "lists/people", Values("5"), "*");
        Assert.Equal(201, (await _bench.SendAsync("PUT", "policies/p", policy)).Status);

        Assert.Equal(422, (await _bench.SendAsync("POST", "lists/people/add", Values("bo"))).Status);
        Assert.Equal(422, (await _bench.SendAsync("PUT", "lists/people", Values("bo"), "*")).Status);
        Assert.Equal(200, (await _bench.SendAsync("POST", "lists/people/add", Values("6"))).Status);
        var used = await _bench.SendAsync("DELETE", "lists/people", ifMatch: "*");
        Assert.Equal(409, used.Status);
        Assert.Contains("policies p", (string?)used.Json!["detail"], StringComparison.Ordinal);

        await _bench.SendAsync("DELETE", "policies/p", ifMatch: "*");
        Assert.Equal(204, (await _bench.SendAsync("DELETE", "lists/people", ifMatch: "*")).Status);
    }

    [Theory]
    [InlineData("""{"values":["a",""]}""", 422)]
    [InlineData("""{"values":["a",null]}""", 422)]
    [InlineData("""{"values":["a",1]}""", 400)]
    [InlineData("""{"values":"a"}""", 400)]
    [InlineData("""{"values":null}""", 400)]
    [InlineData("""{"values":[],"more":1}""", 400)]
    [InlineData("""{"values":[],"values":["a"]}""", 400)]
    [InlineData("""{"values":["\ud800"]}""", 400)]
    [InlineData("{}", 400)]
    [InlineData("[]", 400)]
    public async Task Refuses_what_is_no_list(string body, int status)
    {
        await _bench.SendAsync("PUT", "lists/people", Values("ana"));
        foreach (var (method, path) in new[] { ("PUT", "lists/people"), ("POST", "lists/people/add") })
            Assert.Equal(status, await SendRawAsync(method, path, body));
        Assert.Equal(422, (await _bench.SendAsync("PUT", "lists/a b", Values())).Status);
        Assert.Single((await _bench.SendAsync("GET", "lists/people")).Json!["values"]!.AsArray());
    }

    [Fact]
    public async Task Holds_a_hundred_thousand_values_and_not_one_more()
    {
        string[] values = [.. Enumerable.Range(0, 100_000).Select(static i => $"customer-{i}@example.com")];
        Assert.Equal(201, (await _bench.SendAsync("PUT", "lists/many", Values(values))).Status);

        Assert.Equal(422, (await _bench.SendAsync("POST", "lists/many/add", Values("one more"))).Status);
        var removed = await _bench.SendAsync("POST", "lists/many/remove", Values(values[7]));
        Assert.Equal(99_999, (int)removed.Json!["count"]!);
        Assert.Equal(200, (await _bench.SendAsync("POST", "lists/many/add", Values("one more"))).Status);
    }

    private static JsonObject Values(params string[] values) => new()
    {
        ["values"] = new JsonArray([.. values.Select(static value => JsonValue.Create(value))]),
    };

    private static JsonNode Policy(string list, string form) => JsonNode.Parse($$"""
        { "version": "1", "default": "deny", "tools": { "list_customers": { "require": [
          { "path": "args.id", "op": "in", "list": "{{list}}", "as": "{{form}}" } ] } } }
        """)!;

    private async Task<int> SendRawAsync(string method, string path, string body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/" + path)
        {
            Content = new StringContent(body, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _bench.AdminKey);
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var response = await _bench.Client.SendAsync(request);
        return (int)response.StatusCode;
    }
}

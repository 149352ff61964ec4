using System.IO.Compression;
using static Gateway.Server.Tests.Results.ResultBench;

namespace Gateway.Server.Tests.Results;

/// <summary>
/// What a server answers, evaluated by <c>results</c>: as JSON, as events, and on a stream that was resumed.
/// </summary>
public sealed class ResultTests
{
    private const string Events = "text/event-stream";
    private const string Left = """{"content":[{"type":"text","text":"card [redacted]!"}]}""";

    private static readonly string Leaky = Result(Text($"card {Card}!"));

    [Fact]
    public async Task Redacts_a_json_answer_and_puts_rule_and_count_on_record()
    {
        await using var bench = await StartAsync();
        bench.Answers(Leaky);

        Assert.Equal(Result(Left), await bench.PostAsync(Call("pay")));

        var outcome = Assert.Single(await bench.RecordsAsync("outcome"));
        Assert.Equal("completed", outcome.GetProperty("ended").GetString());
        Assert.Equal(
            """{"redacted":[{"rule":"/tools/pay/results/redact/0","count":1}]}""",
            outcome.GetProperty("results").GetRawText());
        Assert.DoesNotContain(Card, string.Concat(bench.Gateway.AuditRecords()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_line_shows_what_was_redacted()
    {
        await using var bench = await StartAsync();
        bench.Answers(Leaky);
        await bench.PostAsync(Call("pay"));
        var cli = new Cli(bench.Gateway.Folder, bench.Gateway.Address, bench.Gateway.AdminKey);

        await Soon.UntilAsync(
            async () => (await cli.RunAsync("audit", "query", "--kind", "outcome")).Output
                .Contains("counted, redacted 1 by /tools/pay/results/redact/0", StringComparison.Ordinal),
            "the redaction in the record");
    }

    [Fact]
    public async Task Passes_an_answer_in_which_nothing_is_found_byte_for_byte()
    {
        const string answer = "{ \"jsonrpc\" : \"2.0\",\n\"id\":1, \"result\":{\"a\":\"\\u0041\",\"b\":1.50} }\n";
        await using var bench = await StartAsync();
        bench.Answers(answer);

        Assert.Equal(answer, await bench.PostAsync(Call("pay")));
        Assert.False(Assert.Single(await bench.RecordsAsync("outcome")).TryGetProperty("results", out _));
    }

    [Fact]
    public async Task Redacts_every_event_of_a_call_and_leaves_out_what_no_client_reads()
    {
        await using var bench = await StartAsync();
        bench.Answers(
            $": {Card}\n\nid: 7\nretry: 5\ndata:\n\n"
            + $"event: message\ncard: {Card}\ndata: " + """{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"4111111111111111"}}""" + "\n\n"
            + $"id: {Card}\ndata: {Leaky}\n\n",
            Events);

        Assert.Equal(
            ":\n\nid: 7\nretry: 5\ndata: \n\n"
            + "event: message\ndata: " + """{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"[redacted]"}}""" + "\n\n"
            + $"data: {Result(Left)}\n\n",
            await bench.PostAsync(Call("pay")));
        var results = Assert.Single(await bench.RecordsAsync("outcome")).GetProperty("results");
        Assert.Equal(2, results.GetProperty("redacted")[0].GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Redacts_in_the_stateless_revision_too()
    {
        await using var bench = await StartAsync();
        bench.Answers($"data: {Leaky}\n\n", Events);
        const string call = """
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}
            """;
        using var response = await bench.Gateway.PostAsync(call, static request =>
        {
            request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
            request.Headers.Add("Mcp-Method", "tools/call");
            request.Headers.Add("Mcp-Name", "pay");
        });

        Assert.Equal($"data: {Result(Left)}\n\n", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Redacts_a_value_by_its_path_and_the_text_that_repeats_it()
    {
        await using var bench = await StartAsync();
        bench.Answers(Result("""{"content":[{"type":"text","text":"{\"pin\":\"s3cr3t\"}"}],"structuredContent":{"pin":"s3cr3t"}}"""));

        Assert.Equal(
            Result("""{"content":[{"type":"text","text":"{\"pin\":\"[redacted]\"}"}],"structuredContent":{"pin":"[redacted]"}}"""),
            await bench.PostAsync(Call("pay")));
    }

    [Theory]
    [InlineData("application/json", "")]
    [InlineData(Events, "data: ")]
    public async Task Denies_an_answer_by_a_condition_and_gives_nothing_back(string type, string before)
    {
        await using var bench = await StartAsync();
        var secret = Result("""{"structuredContent":{"class":"secret"},"content":[],"isError":true}""");
        bench.Answers(before + secret + (before.Length > 0 ? $"\n\ndata: {Leaky}\n\n" : ""), type);

        var answer = await bench.PostAsync(Call("pay"));

        Assert.StartsWith(before, answer, StringComparison.Ordinal);
        var result = JsonDocument.Parse(answer[before.Length..]).RootElement.GetProperty("result");
        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.Equal(
            "/tools/pay/results/deny_if/0",
            result.GetProperty("_meta").GetProperty("policy-gateway/decision").GetProperty("rule").GetString());
        Assert.DoesNotContain("4111", answer, StringComparison.Ordinal);
        var outcome = Assert.Single(await bench.RecordsAsync("outcome"));
        Assert.Equal("answer denied", outcome.GetProperty("ended").GetString());
        Assert.Equal("counted", outcome.GetProperty("counted").GetString());
        Assert.Equal(
            "/tools/pay/results/deny_if/0",
            outcome.GetProperty("results").GetProperty("denied").GetProperty("rule").GetString());
    }

    /// <summary>What can be read in two ways, or not at all.</summary>
    public static TheoryData<string, string, string> Hostile => new()
    {
        { $"card {Card}", "text/plain", "(unreadable result)" },
        { $"card {Card}", "application/json", "(unreadable result)" },
        { $"[{Leaky}]", "application/json", "(unreadable result)" },
        { Leaky + Leaky, "application/json", "(unreadable result)" },
        { Leaky.Replace("result", "Result", StringComparison.Ordinal), "application/json", "(unreadable result)" },
        { Result("""{"a":1,"a":2}"""), "application/json", "(unreadable result)" },
        { Result(new string('[', 400) + new string(']', 400)), "application/json", "(unreadable result)" },
        { Result("""{"contents":[{"uri":"x:1","blob":"AP8="}]}"""), "application/json", "(binary result)" },
        { Result("{}", "2"), "application/json", "(unknown call)" },
        { Result("{}", "\"1\""), "application/json", "(unknown call)" },
        { $"data: {Result("{}", "2")}\n\n", Events, "(unknown call)" },
        { $"data: card {Card}\n\n", Events, "(unreadable result)" },
        { $"data: {Leaky}\ndata: {Leaky}\n\n", Events, "(unreadable result)" },
        { $"data: [{Leaky}]", Events, "(unreadable result)" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Denies_a_response_that_cannot_be_evaluated(string body, string type, string rule)
    {
        await using var bench = await StartAsync();
        bench.Answers(body, type);

        var answer = await bench.PostAsync(Call("pay"));

        Assert.Contains($"\"rule\":\"{rule}\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("1111", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Denies_invalid_utf8()
    {
        await using var bench = await StartAsync();
        bench.Server.Answer = static async (http, _) =>
        {
            http.Response.ContentType = "application/json";
            await http.Response.Body.WriteAsync(
                (byte[])[.. "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        };

        Assert.Contains("(unreadable result)", await bench.PostAsync(Call("pay")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "")]
    [InlineData(Events, "data: ")]
    public async Task Denies_an_answer_without_end_at_its_bound(string type, string before)
    {
        await using var bench = await StartAsync();
        bench.Server.Answer = async (http, _) =>
        {
            http.Response.ContentType = type;
            await http.Response.WriteAsync(before + "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"");
            var piece = new string('x', 64 * 1024);
            while (!http.RequestAborted.IsCancellationRequested)
                await http.Response.WriteAsync(piece, http.RequestAborted);
        };

        Assert.Contains("(result too large)", await bench.PostAsync(Call("pay")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Evaluates_a_compressed_response(string encoding)
    {
        await using var bench = await StartAsync();
        bench.Server.Answer = async (http, _) =>
        {
            http.Response.ContentType = "application/json";
            http.Response.Headers.ContentEncoding = encoding;
            await using Stream packed = encoding == "gzip"
                ? new GZipStream(http.Response.Body, CompressionMode.Compress)
                : new BrotliStream(http.Response.Body, CompressionMode.Compress);
            await packed.WriteAsync(Encoding.UTF8.GetBytes(Leaky));
        };

        Assert.Equal(Result(Left), await bench.PostAsync(Call("pay")));
    }

    [Fact]
    public async Task Passes_nothing_of_an_unknown_encoding()
    {
        await using var bench = await StartAsync();
        bench.Server.Answer = static (http, _) =>
        {
            http.Response.ContentType = "application/json";
            http.Response.Headers.ContentEncoding = "rot13";
            return http.Response.WriteAsync(Leaky);
        };

        Assert.Contains("unknown encoding", await bench.PostAsync(Call("pay"), 502), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, "application/json", """{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"m","data":"4111111111111111"}}""",
        """{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"m","data":"[redacted]"}}""")]
    [InlineData(404, "application/json", """{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}""",
        """{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}""")]
    [InlineData(404, "text/plain", "no 4111111111111111", null)]
    [InlineData(503, "text/html", "<p>4111111111111111", null)]
    [InlineData(405, "text/plain", "", "")]
    public async Task Keeps_the_status_of_an_error_and_evaluates_its_body(
        int status, string type, string body, string? expected)
    {
        await using var bench = await StartAsync();
        bench.Answers(body, type, status);

        var answer = await bench.PostAsync(Call("pay"), status);

        if (expected is not null)
            Assert.Equal(expected, answer);
        else
            Assert.Contains("(unreadable result)", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaves_out_headers_in_which_something_is_found()
    {
        await using var bench = await StartAsync();
        bench.Server.Answer = static (http, _) =>
        {
            http.Response.ContentType = "application/json";
            http.Response.Headers["X-Card"] = Card;
            http.Response.Headers["X-Other"] = "kept";
            return http.Response.WriteAsync(Result("{}"));
        };
        using var response = await bench.Gateway.PostAsync(Call("pay"));

        Assert.False(response.Headers.Contains("X-Card"));
        Assert.Equal("kept", response.Headers.GetValues("X-Other").Single());
    }

    [Fact]
    public async Task Only_records_what_is_in_shadow()
    {
        await using var bench = await StartAsync("""
            { "version": "1", "default": "allow", "mode": "shadow", "tools": { "watch": {
              "results": { "redact": [ { "known": "email" } ], "deny_if": [ { "path": "result.no", "op": "exists" } ] } } } }
            """);
        var answer = Result("""{"no":1,"by":"ann@example.com"}""");
        bench.Answers(answer);
        Assert.Equal(answer, await bench.PostAsync(Call("watch")));
        bench.Answers("no JSON", "text/plain");
        Assert.Contains("returned HTTP 200 with text/plain", await bench.PostAsync(Call("watch")));

        Assert.Equal(
            [
                """{"redacted":[{"rule":"/tools/watch/results/redact/0","count":1,"shadow":true}],"shadow":{"rule":"/tools/watch/results/deny_if/0","reason":"The policy denies responses where result.no is given"}}""",
                """{"redacted":[],"shadow":{"rule":"(unreadable result)","reason":"The server\u0027s response cannot be evaluated: it is neither JSON nor a stream of events"}}""",
            ],
            (await bench.RecordsAsync("outcome")).Select(outcome => outcome.GetProperty("results").GetRawText()));
    }

    [Fact]
    public async Task Evaluates_resources_and_prompts_by_their_sections()
    {
        await using var bench = await StartAsync();
        bench.Answers(Result("""{"contents":[{"uri":"file:///a","text":"AB-1 ann@example.com"}]}"""));
        Assert.Equal(
            Result("""{"contents":[{"uri":"file:///a","text":"[redacted] ann@example.com"}]}"""),
            await bench.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"file:///a"}}"""));
        bench.Answers(Result("""{"messages":[{"role":"user","content":{"type":"text","text":"AB-1 ann@example.com"}}]}"""));
        Assert.Equal(
            Result("""{"messages":[{"role":"user","content":{"type":"text","text":"AB-1 [redacted]"}}]}"""),
            await bench.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"p"}}"""));
    }

    [Fact]
    public async Task A_call_without_rules_passes_as_it_is_but_brings_no_other_calls_answer()
    {
        await using var bench = await StartAsync();
        bench.Answers(Leaky);
        Assert.Equal(Leaky, await bench.PostAsync(Call("plain")));
        bench.Answers($"data: {Leaky}\n\n", Events);
        Assert.Equal($"data: {Leaky}\n\n", await bench.PostAsync(Call("plain")));
        bench.Answers($"data: {Result(Text(Card), "2")}\n\ndata: {Leaky}\n\n", Events);
        Assert.Contains("(unknown call)", await bench.PostAsync(Call("plain")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_tasks() => await RefusesAsync("""{"jsonrpc":"2.0","id":1,"method":"tasks/of_tomorrow","params":{"taskId":"t"}}""");

    private static async Task RefusesAsync(string message)
    {
        await using var bench = await StartAsync();
        var answer = await bench.PostAsync(message);

        Assert.Contains("(tasks with results)", answer, StringComparison.Ordinal);
        Assert.Empty(bench.Server.Requests);
    }

    [Fact]
    public async Task A_resumed_stream_evaluates_the_response_of_a_known_call_and_denies_any_other()
    {
        await using var bench = await StartAsync();
        bench.Server.Answer = static (http, request) =>
        {
            http.Response.ContentType = Events;
            http.Response.Headers["Mcp-Session-Id"] = "s-1";
            return http.Response.WriteAsync(request.Method == "POST"
                ? "id: 1\ndata:\n\n"
                : $"id: 2\ndata: {Leaky}\n\nid: 3\ndata: {Result(Text("AB-1"), "99")}\n\n"
                    + """data: {"jsonrpc":"2.0","method":"notifications/message","params":{"data":"AB-7"}}"""
                    + "\n\n"
                    + "data: nonsense\n\n");
        };
        using var opened = await bench.Gateway.PostAsync("""{"jsonrpc":"2.0","id":0,"method":"ping"}""");
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
        using var begun = await bench.Gateway.PostAsync(
            Call("pay"), request => request.Headers.Add("Mcp-Session-Id", session));
        Assert.Equal("id: 1\ndata: \n\n", await begun.Content.ReadAsStringAsync());

        var resumed = (await bench.GetAsync(request =>
        {
            request.Headers.Add("Last-Event-ID", "1");
            request.Headers.Add("Mcp-Session-Id", session);
        })).Split("\n\n");

        Assert.Equal($"id: 2\ndata: {Result(Left)}", resumed[0]);
        var unknown = JsonDocument.Parse(resumed[1]["id: 3\ndata: ".Length..]).RootElement;
        Assert.Equal(99, unknown.GetProperty("id").GetInt32());
        var decision = unknown.GetProperty("error").GetProperty("data");
        Assert.Equal("(unknown call)", decision.GetProperty("rule").GetString());
        Assert.Equal("""data: {"jsonrpc":"2.0","method":"notifications/message","params":{"data":"[redacted]"}}""", resumed[2]);
        Assert.Equal("", Assert.Single(resumed[3..]));
        var stream = Assert.Single(await bench.RecordsAsync("stream")).GetProperty("results");
        Assert.Equal("(unknown call)", stream.GetProperty("denied").GetProperty("rule").GetString());
        Assert.Equal(
            ["/tools/pay/results/redact/0", "/resources/results/redact/0"],
            stream.GetProperty("redacted").EnumerateArray().Select(count => count.GetProperty("rule").GetString()));
    }
}

namespace Gateway.Server.Tests.Money;

/// <summary>Whose error gives a call's cost back: an error under the call's own id, and nobody else's.</summary>
public sealed class RefundedAnswerTests
{
    private const string Success = """{"jsonrpc":"2.0","id":1,"result":{"content":[]}}""";
    private const string Failure = """{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}""";
    private const string Three = """{ "counter": "calls", "window": "month", "max": 3, "refund_on_error": true }""";

    /// <summary>What a server may send before the real result so that the call would cost nothing.</summary>
    public static TheoryData<string> Decoys => new()
    {
        """{"jsonrpc":"2.0","id":"other","error":{}}""",
        """{"jsonrpc":"2.0","id":2,"error":{"code":-1,"message":"no"}}""",
        """{"jsonrpc":"2.0","id":"other","result":{"content":[],"isError":true}}""",
        """{"jsonrpc":"2.0","id":null,"error":{}}""",
        """{"jsonrpc":"2.0","error":{}}""",
        """{"jsonrpc":"2.0","id":"1","error":{}}""",
        """{"jsonrpc":"2.0","id":2,"id":1,"error":{}}""",
        """{"jsonrpc":"2.0","id":1,"method":"ping","error":{}}""",
        """{"jsonrpc":"2.0","method":"notifications/message","params":{"error":{},"isError":true}}""",
        """{"jsonrpc":"2.0","id":1,"error":{},"result":{"content":[]}}""",
        """{"jsonrpc":"2.0","id":1,"error":{},"Result":{"content":[]}}""",
        """{"jsonrpc":"2.0","id":1,"error":"no"}""",
        """{"jsonrpc":"2.0","id":1,"result":{"isError":true},"result":{"content":[]}}""",
        """{"jsonrpc":"2.0","id":1,"result":{"isError":true,"isError":false}}""",
        """{"jsonrpc":"2.0","id":1,"result":{"isError":true,"IsError":false}}""",
        """{"jsonrpc":"2.0","id":1,"result":{"structuredContent":{"isError":true}}}""",
        """{"jsonrpc":"2.0","id":1,"error":{}} {}""",
    };

    [Theory]
    [MemberData(nameof(Decoys))]
    public async Task Counts_a_call_whose_stream_brings_another_error_before_its_result(string decoy)
    {
        await using var cap = await SpendCap.StartAsync(Three);
        Answers(cap, $"data: {decoy}\n\ndata: {Success}\n\n", isEvents: true);

        Assert.Equal(3, await PassedOfAsync(cap, 6));
    }

    [Theory]
    [MemberData(nameof(Decoys))]
    public async Task Counts_a_call_whose_batch_holds_another_error(string decoy)
    {
        await using var cap = await SpendCap.StartAsync(Three);
        Answers(cap, $"[{decoy},{Success}]", isEvents: false);

        Assert.Equal(3, await PassedOfAsync(cap, 6));
    }

    [Theory]
    [MemberData(nameof(Decoys))]
    public async Task Counts_a_call_that_is_answered_by_another_error_alone(string decoy)
    {
        await using var cap = await SpendCap.StartAsync(Three);
        Answers(cap, decoy, isEvents: false);

        Assert.Equal(3, await PassedOfAsync(cap, 6));
    }

    [Theory]
    [InlineData($"[{Failure},{Success}]", false)]
    [InlineData($"data: [{Success},{Failure}]\n\n", true)]
    [InlineData($"data: {Success}\n\ndata: {Failure}\n\n", true)]
    [InlineData("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"n\":NaN}}\n\ndata: " + Failure + "\n\n", true)]
    public async Task Counts_a_call_that_is_answered_by_a_result_beside_an_error(string body, bool isEvents)
    {
        await using var cap = await SpendCap.StartAsync(Three);
        Answers(cap, body, isEvents);

        Assert.Equal(3, await PassedOfAsync(cap, 6));
    }

    [Theory]
    [InlineData($"data: {Failure}\n\ndata: {Success}\n\n")]
    [InlineData($"event: other\ndata: {Failure}\n\ndata: {Success}\n\n")]
    [InlineData("data: " + Failure + "\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":{}}\n\n")]
    public async Task Lets_no_result_pass_after_an_error_that_was_given_back(string body)
    {
        await using var cap = await SpendCap.StartAsync(Three);
        Answers(cap, body, isEvents: true);

        for (var i = 0; i < 6; i++)
        {
            var answer = "";
            await Assert.ThrowsAsync<HttpRequestException>(async () =>
            {
                using var response = await cap.Gateway.PostAsync(SpendCap.Body("1"));
                answer = await response.Content.ReadAsStringAsync();
            });
            Assert.Empty(answer);
        }

        Assert.Equal(6, cap.Server.Requests.Count);
        await cap.Gateway.DisposeHostAsync();
        Assert.All(
            cap.Gateway.AuditRecords().Where(record => record.GetProperty("kind").GetString() == "outcome"),
            outcome => Assert.Equal("answer refused", outcome.GetProperty("ended").GetString()));
    }

    [Theory]
    [InlineData(Failure, false)]
    [InlineData($"data: {Failure}\n\n", true)]
    [InlineData($"[{Failure}]", false)]
    [InlineData("""[{"jsonrpc":"2.0","id":"other","result":{}},{"jsonrpc":"2.0","id":1.0,"error":{}}]""", false)]
    [InlineData("data: {\"jsonrpc\":\"2.0\",\"id\":\"other\",\"result\":{}}\n\ndata: " + Failure + "\n\n", true)]
    [InlineData("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n\ndata: " + Failure + "\n\n", true)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{},"result":null}""", false, false)]
    [InlineData("""{"jsonrpc":"2.0","\u0069d":1,"error":{}}""", false)]
    public async Task Gives_back_what_its_own_error_answers(string body, bool isEvents, bool isGivenBack = true)
    {
        await using var cap = await SpendCap.StartAsync(Three);
        Answers(cap, body, isEvents);

        Assert.Equal(isGivenBack ? 6 : 3, await PassedOfAsync(cap, 6));
    }

    [Fact]
    public async Task Counts_a_call_whose_answer_comes_on_a_resumed_stream()
    {
        await using var cap = await SpendCap.StartAsync(Three);
        cap.Server.Answer = (http, request) =>
        {
            http.Response.ContentType = "text/event-stream";
            http.Response.Headers["Mcp-Session-Id"] = "s-1";
            return http.Response.WriteAsync(request.Body.Length > 0 ? "id: 1\ndata:\n\n" : $"data: {Failure}\n\n");
        };

        for (var i = 0; i < 3; i++)
        {
            using var begun = await cap.Gateway.PostAsync(SpendCap.Body("1"));
            var session = begun.Headers.GetValues("Mcp-Session-Id").Single();
            Assert.Contains("\"error\"", await ResumedAsync(cap, session), StringComparison.Ordinal);
        }

        Assert.False(await cap.PaysAsync("1"));
    }

    private static async Task<string> ResumedAsync(SpendCap cap, string session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, cap.Gateway.Endpoint);
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        request.Headers.Add("Last-Event-ID", "1");
        request.Headers.Add("Mcp-Session-Id", session);
        using var response = await cap.Gateway.Client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<int> PassedOfAsync(SpendCap cap, int calls)
    {
        var passed = 0;
        for (var i = 0; i < calls; i++)
            passed += await cap.PaysAsync("1") ? 1 : 0;
        return passed;
    }

    private static void Answers(SpendCap cap, string body, bool isEvents) => cap.Server.Answer = (http, _) =>
    {
        http.Response.ContentType = isEvents ? "text/event-stream" : "application/json";
        return http.Response.WriteAsync(body);
    };
}

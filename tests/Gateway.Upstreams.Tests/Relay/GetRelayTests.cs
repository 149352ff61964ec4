namespace Gateway.Upstreams.Tests.Relay;

public class GetRelayTests
{
    [Fact]
    public async Task A_resumed_stream_carries_its_place_and_filters_lists_that_nobody_asked_for_there()
    {
        var seen = new HeaderDictionary();
        var method = "";
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            method = context.Request.Method;
            foreach (var (name, values) in context.Request.Headers)
                seen[name] = values;
            context.Response.ContentType = "text/event-stream";
            return context.Response.WriteAsync(
                "id: 8\ndata: {\"id\":1,\"result\":{\"tools\":[{\"name\":\"x\"}]}}\n\n"
                + "id: 9\ndata: [{\"id\":2,\"result\":{\"resources\":[{\"uri\":\"x\"},{\"uri\":\"a\"}]}}]\n\n"
                + "id: 10\ndata: {\"id\":\"s1\",\"method\":\"roots/list\"}\n\n");
        });
        await using var upstream = UpstreamFixture.To(server.Url);
        await using var front = await LoopbackServer.StartAsync(async context =>
        {
            var answer = await upstream.SendAsync(
                new UpstreamRequest
                {
                    Method = HttpMethod.Get,
                    ClientHeaders = context.Request.Headers,
                    CallId = "c",
                    SessionId = "s-1",
                },
                context.RequestAborted);
            await ResponseRelay.CopyAsync(
                answer, context, new RelayPlan { ListFilter = new HidingListFilter("x") }, default);
        });
        using var client = new HttpClient();
        var request = new HttpRequestMessage(HttpMethod.Get, front.Url);
        request.Headers.Add("Last-Event-ID", "7");
        request.Headers.Add("Accept", "text/event-stream");

        using var answer = await client.SendAsync(request);

        Assert.Equal(
            "id: 8\ndata: {\"id\":1,\"result\":{\"tools\":[]}}\n\n"
            + "id: 9\ndata: [{\"id\":2,\"result\":{\"resources\":[{\"uri\":\"a\"}]}}]\n\n"
            + "id: 10\ndata: {\"id\":\"s1\",\"method\":\"roots/list\"}\n\n",
            Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync()));
        Assert.Equal(("GET", "7"), (method, seen["Last-Event-ID"].ToString()));
        Assert.Equal("s-1", seen["Mcp-Session-Id"].ToString());
        Assert.False(seen.ContainsKey("Content-Type"));
    }

    [Theory]
    [InlineData("DELETE", 200)]
    [InlineData("DELETE", 404)]
    [InlineData("DELETE", 405)]
    [InlineData("GET", 405)]
    [InlineData("GET", 404)]
    public async Task Passes_the_server_s_own_answer_to_a_request_without_a_body(string method, int status)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Allow = "POST";
            return context.Response.WriteAsync($"{context.Request.Method} {context.Request.ContentLength}");
        });
        await using var upstream = UpstreamFixture.To(server.Url);
        await using var front = await LoopbackServer.StartAsync(async context =>
        {
            var request = new UpstreamRequest
            {
                Method = new HttpMethod(method),
                ClientHeaders = context.Request.Headers,
                CallId = "c",
            };
            var answer = await upstream.SendAsync(request, context.RequestAborted);
            await ResponseRelay.CopyAsync(answer, context, RelayPlan.PassThrough, default);
        });
        using var client = new HttpClient();

        using var answer = await client.GetAsync(front.Url);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal($"{method} ", await answer.Content.ReadAsStringAsync());
        Assert.Equal("POST", answer.Content.Headers.Allow.Single());
    }
}

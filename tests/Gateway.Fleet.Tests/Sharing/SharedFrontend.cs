namespace Gateway.Fleet.Tests.Sharing;

/// <summary>Agents and the operator of one frontend, whatever store it shares with others.</summary>
internal sealed class SharedFrontend(Uri address, string adminKey) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };

    /// <summary>What a call is answered with; asked again while a busy machine starves it of its documents.</summary>
    public async Task<(HttpStatusCode Status, JsonNode? Answer)> CallAsync(
        string token, string tool, string arguments = "{}")
    {
        var answer = (Status: HttpStatusCode.ServiceUnavailable, Body: (JsonNode?)null);
        var call = $$$"""
            { "jsonrpc": "2.0", "id": 1, "method": "tools/call",
              "params": { "name": "{{{tool}}}", "arguments": {{{arguments}}} } }
            """;
        await Soon.UntilAsync(
            async () =>
            {
                try
                {
                    answer = await SendAsync(HttpMethod.Post, "/mcp/srv", token, call);
                    return answer.Status != HttpStatusCode.ServiceUnavailable;
                }
                catch (HttpRequestException)
                {
                    // A call that is open when its grant is paused is cut off.
                    return false;
                }
            },
            "the frontend serves");
        return answer;
    }

    /// <summary>Calls until the answer has this status: other frontends are heard of a little later.</summary>
    public Task BecomesAsync(HttpStatusCode status, string token) => Soon.UntilAsync(
        async () => (await CallAsync(token, "ok")).Status == status, $"calls are answered with {(int)status}");

    /// <summary>What the operator is answered, where it is well.</summary>
    public async Task<JsonNode> OperateAsync(HttpMethod method, string path, string? body = null)
    {
        var (status, answer) = await SendAsync(method, "/api/v1/" + path, adminKey, body);
        Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Created, $"{method} {path}: {status} {answer}");
        return answer!;
    }

    public void Dispose() => _http.Dispose();

    private async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(
        HttpMethod method, string path, string token, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null);
    }
}
